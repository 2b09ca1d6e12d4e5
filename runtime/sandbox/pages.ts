/**
 * The pages a publication's URL opens as: self-contained HTML, nothing fetched from elsewhere, every foreign text
 * escaped by `html` below, and a ribbon that says sandbox, so that nobody takes a screenshot for the real thing.
 */
import { HOUR, MINUTE, toInstant } from '../core/clock.ts'
import { PAGE_STYLE } from './page-style.ts'

export interface Skin {
  network: string
  accent: string
  accentEnd: string
}

interface PageMedia {
  type: 'video' | 'image'
  src: string
  poster: string | undefined
  startSeconds: number
  altText: string
}

type Figure = readonly [label: string, value: number]

interface PageComment {
  username: string
  text: string
  likes: number
  createdBusinessMs: number
}

export interface PostPage {
  skin: Skin
  username: string
  profileHref: string
  caption: string
  createdMs: number
  nowMs: number
  media: PageMedia[]
  figures: Figure[]
  comments: (PageComment & { answers: PageComment[] })[]
  isCommentEnabled: boolean
}

export interface ProfilePage {
  skin: Skin
  username: string
  name: string
  biography: string
  figures: Figure[]
  posts: (Omit<PageMedia, 'altText'> & { href: string; views: number; caption: string })[]
}

export interface HomePage {
  now: string
  accounts: { network: string; username: string; href: string; followers: number; publications: number }[]
}

/** Text that is markup already. */
class Markup {
  readonly text: string
  constructor(text: string) {
    this.text = text
  }
}

type Insert = Markup | string | number | undefined | false | Insert[]

const ENTITIES: Record<string, string> = {
  '&': '&amp;',
  '<': '&lt;',
  '>': '&gt;',
  '"': '&quot;',
  "'": '&#39;',
}

const escapeHtml = (text: string): string => text.replaceAll(/[&<>"']/g, (char) => ENTITIES[char] ?? char)

/** Template tag: everything inserted is escaped unless it came from this tag. */
function html(parts: TemplateStringsArray, ...inserts: Insert[]): Markup {
  return new Markup(parts.reduce((text, part, index) => text + render(inserts[index - 1]) + part))
}

function render(insert: Insert): string {
  if (insert === undefined || insert === false) return ''
  if (Array.isArray(insert)) return insert.map(render).join('')
  return insert instanceof Markup ? insert.text : escapeHtml(String(insert))
}

export function renderPost(page: PostPage): string {
  const { username, caption, media, figures, comments } = page
  return frame(
    page.skin,
    `@${username}: ${caption.split('\n', 1)[0] ?? ''}`,
    html`<article class="post">
      <div class="stage ${media.length > 1 ? 'many' : ''}">${media.map((one) => player(one))}</div>
      <div class="side">
        <header><a class="who" href="${page.profileHref}">${avatar(username)}<b>${username}</b></a>
          <time datetime="${toInstant(page.createdMs)}">${ago(page.nowMs - page.createdMs)}</time></header>
        <div class="scroll">
          <p class="caption">${caption === '' ? html`<i>no caption</i>` : caption}</p>
          ${comments.map(
            (comment) => html`${said(comment, page.nowMs)}
            ${comment.answers.length > 0 && html`<div class="answers">${comment.answers.map((one) => said(one, page.nowMs))}</div>`}`,
          )}
          ${comments.length === 0 && html`<p class="quiet">${page.isCommentEnabled ? 'No comments yet.' : 'Comments are turned off.'}</p>`}
        </div>
        <footer>${figureRow(figures)}</footer>
      </div>
    </article>`,
  )
}

export function renderProfile({ skin, username, name, biography, figures, posts }: ProfilePage): string {
  return frame(
    skin,
    `@${username}`,
    html`<section class="profile">
      ${avatar(username)}
      <div><h1>${username}</h1>${figureRow(figures)}<p><b>${name}</b></p><p class="caption">${biography}</p></div>
    </section>
    <section class="grid">
      ${posts.map(
        (post) =>
          html`<a href="${post.href}" title="${post.caption.slice(0, 120)}">${still(post)}<span>▶ ${compact(post.views)}</span></a>`,
      )}
      ${posts.length === 0 && html`<p class="quiet">Nothing published yet.</p>`}
    </section>`,
  )
}

export function renderHome({ now, accounts }: HomePage): string {
  return frame(
    { network: 'Stakazo', accent: '#2563eb', accentEnd: '#7c3aed' },
    'Sandbox network',
    html`<section class="home"><h1>Sandbox network</h1>
      <p class="quiet">Business time ${now}. Nothing here has left this machine.</p>
      ${accounts.map(
        (
          one,
        ) => html`<a class="row" href="${one.href}">${avatar(one.username)}<span><b>${one.username}</b><br>${one.network}</span>
          <span class="right">${one.publications} posts · ${compact(one.followers)} followers</span></a>`,
      )}
      ${accounts.length === 0 && html`<p class="quiet">No account yet: POST /control/accounts makes one.</p>`}
    </section>`,
  )
}

export const renderMissing = (skin: Skin, why: string): string =>
  frame(
    skin,
    'Not available',
    html`<section class="home"><h1>Not available</h1><p class="quiet">${why}</p></section>`,
  )

/** The profile picture behind an API answer. */
export const renderAvatar = ({ accent }: Skin, username: string): string =>
  html`<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 100 100"><rect width="100" height="100" fill="${accent}"/>
<text x="50" y="66" font-family="sans-serif" font-size="48" text-anchor="middle" fill="#fff">${initial(username)}</text></svg>
`.text

const initial = (username: string) => username.slice(0, 1).toUpperCase()

function frame({ network, accent, accentEnd }: Skin, title: string, body: Markup): string {
  return html`<!doctype html>
<html lang="en"><head><meta charset="utf-8"><meta name="viewport" content="width=device-width,initial-scale=1">
<meta name="robots" content="noindex"><title>${title} · ${network} sandbox</title>
<style>:root{--accent:${accent};--accent-end:${accentEnd}}${new Markup(PAGE_STYLE)}</style></head>
<body><nav><a href="/"><b>${network}</b><span class="badge">sandbox</span></a>
<span class="quiet">a simulation on this machine, not the real network</span></nav><main>${body}</main></body></html>
`.text
}

function player({ type, src, poster, startSeconds, altText }: PageMedia): Markup {
  if (type === 'image') return html`<img src="${src}" alt="${altText}">`
  // without a start time browsers show black until somebody presses play
  const from = `${src}#t=${Math.max(0.1, startSeconds)}`
  return html`<video controls loop playsinline preload="metadata" src="${from}" ${poster !== undefined && html`poster="${poster}"`}></video>`
}

function still({ type, src, poster, startSeconds }: ProfilePage['posts'][number]): Markup {
  if (type === 'image' || poster !== undefined)
    return html`<img loading="lazy" src="${poster ?? src}" alt="">`
  return html`<video muted playsinline preload="metadata" src="${src}#t=${Math.max(0.1, startSeconds)}"></video>`
}

const said = ({ username, text, likes, createdBusinessMs }: PageComment, nowMs: number): Markup =>
  html`<div class="said">${avatar(username)}<p><b>${username}</b> ${text}<br>
    <small>${ago(nowMs - createdBusinessMs)}${likes > 0 && html` · ${likes} likes`}</small></p></div>`

const figureRow = (figures: Figure[]): Markup =>
  html`<ul class="figures">${figures.map(([label, value]) => html`<li><b>${compact(value)}</b> ${label}</li>`)}</ul>`

const avatar = (username: string): Markup => html`<span class="avatar">${initial(username)}</span>`

const compact = (value: number): string =>
  new Intl.NumberFormat('en', {
    notation: value < 10_000 ? 'standard' : 'compact',
    maximumFractionDigits: 1,
  }).format(value)

function ago(ms: number): string {
  if (ms < MINUTE) return 'just now'
  if (ms < HOUR) return `${Math.floor(ms / MINUTE)} min`
  return ms < 48 * HOUR ? `${Math.floor(ms / HOUR)} h` : `${Math.floor(ms / (24 * HOUR))} d`
}
