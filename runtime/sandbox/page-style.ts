/** One style sheet for every sandbox page; light and dark by the reader's preference. */
export const PAGE_STYLE = `
*{box-sizing:border-box}body{margin:0;font:15px/1.45 system-ui,-apple-system,"Segoe UI",Roboto,sans-serif;background:var(--back);color:var(--ink)}
:root{--back:#fafafa;--card:#fff;--ink:#16181d;--soft:#737a86;--line:#e3e5e9}
@media(prefers-color-scheme:dark){:root{--back:#0e0f12;--card:#17191e;--ink:#f1f2f4;--soft:#9aa1ad;--line:#2a2d34}}
a{color:inherit;text-decoration:none}nav{display:flex;gap:1rem;justify-content:space-between;align-items:center;padding:.7rem 1.4rem;background:var(--card);border-bottom:1px solid var(--line)}
nav b{font-size:1.15rem}.badge{margin-left:.6rem;padding:.12rem .6rem;border-radius:99px;color:#fff;font-weight:600;font-size:.75rem;letter-spacing:.06em;text-transform:uppercase;background:linear-gradient(90deg,var(--accent),var(--accent-end))}
.quiet,time,small{color:var(--soft)}main{max-width:980px;margin:1.6rem auto;padding:0 1rem}
.post{display:grid;grid-template-columns:minmax(0,1fr) 380px;background:var(--card);border:1px solid var(--line);border-radius:14px;overflow:hidden;height:min(82vh,760px)}
.stage{background:#000;display:grid;place-items:center;min-width:0;min-height:0}.stage.many{display:flex;overflow-x:auto;scroll-snap-type:x mandatory}.stage.many>*{flex:0 0 100%;scroll-snap-align:start}
.stage video,.stage img{width:100%;height:100%;min-height:0;max-height:min(82vh,760px);object-fit:contain}
.side{display:flex;flex-direction:column;min-height:0;border-left:1px solid var(--line)}.side header{display:flex;justify-content:space-between;align-items:center;padding:.8rem 1rem;border-bottom:1px solid var(--line)}
.who{display:flex;gap:.7rem;align-items:center}.avatar{flex:none;display:inline-grid;place-items:center;width:34px;height:34px;border-radius:50%;color:#fff;font-weight:700;background:linear-gradient(135deg,var(--accent),var(--accent-end))}
.scroll{flex:1;overflow:auto;padding:1rem}.caption{white-space:pre-wrap;overflow-wrap:anywhere;margin:0 0 1rem}
.said{display:flex;gap:.7rem;margin:.8rem 0}.said p{margin:0;overflow-wrap:anywhere}.said .avatar{width:28px;height:28px;font-size:.8rem;filter:saturate(.45)}.answers{margin-left:2.4rem}
.side footer{border-top:1px solid var(--line);padding:.8rem 1rem}.figures{display:flex;flex-wrap:wrap;gap:.3rem 1.1rem;list-style:none;margin:0;padding:0}
.profile{display:flex;gap:2rem;align-items:center;margin:1rem 0 2rem}.profile>.avatar{width:110px;height:110px;font-size:3rem}.profile h1{margin:.1rem 0 .5rem;font-weight:500}.profile p{margin:.4rem 0 0}
.grid{display:grid;grid-template-columns:repeat(3,1fr);gap:4px}.grid a{position:relative;aspect-ratio:4/5;background:#000;overflow:hidden;border-radius:4px}
.grid video,.grid img{width:100%;height:100%;object-fit:cover}.grid span{position:absolute;left:.6rem;bottom:.5rem;color:#fff;font-weight:600;text-shadow:0 1px 4px #000}
.home .row{display:flex;gap:1rem;align-items:center;background:var(--card);border:1px solid var(--line);border-radius:12px;padding:.9rem 1.1rem;margin:.6rem 0}.right{margin-left:auto;color:var(--soft)}
@media(max-width:760px){.post{grid-template-columns:1fr;height:auto}.side{border-left:0}.stage{height:70vh}nav .quiet{display:none}}
`
