import { z } from 'zod'
import { ActState } from '../../runtime/core/effect.ts'
import { Format, Network } from '../../runtime/core/entities.ts'
import { defineTool } from '../../runtime/core/tool.ts'

const PublicationBrief = z.object({
  publicationId: z.uuid(),
  accountId: z.uuid(),
  network: Network,
  state: ActState,
})

const ClipLine = z.object({
  clipId: z.uuid(),
  ordinal: z.int(),
  startMs: z.int(),
  endMs: z.int(),
  renditions: z.array(z.object({ renditionId: z.uuid(), format: Format })),
  posts: z.array(
    z.object({
      postId: z.uuid(),
      caption: z.string(),
      altText: z.string(),
      version: z.int(),
      publications: z.array(PublicationBrief),
    }),
  ),
})

export const listClips = defineTool({
  name: 'list-clips',
  does: 'List the current clips of this task, or of the whole conversation, with their renditions, posts and publications. Use scope thread to find what a follow-up such as "shorten clip 2" speaks of.',
  effect: { kind: 'read' },
  input: z.object({
    scope: z.enum(['task', 'thread']).describe('task: made by this task alone; thread: by the conversation.'),
  }),
  output: z.object({ clips: z.array(ClipLine) }),
  async run({ scope }, { store, caller }) {
    const tasks = scope === 'thread' ? await store.listThreadTasks() : []
    const threadTaskIds = [...new Set([caller.taskId, ...tasks.map((task) => task.taskId)])]
    const clips = await store.listClips({ threadTaskIds })
    const posts = (await Promise.all(threadTaskIds.map((taskId) => store.listPosts({ taskId })))).flat()
    const postIds = posts.map((post) => post.id)
    const publications = postIds.length > 0 ? await store.listPublications({ postIds }) : []
    const lines: z.infer<typeof ClipLine>[] = []
    for (const { id, ordinal, startMs, endMs } of clips) {
      const renditions = await store.listRenditions(id)
      lines.push({
        clipId: id,
        ordinal,
        startMs,
        endMs,
        renditions: renditions.map((each) => ({ renditionId: each.id, format: each.format })),
        posts: posts
          .filter((post) => post.clipId === id)
          .map((post) => ({
            postId: post.id,
            caption: post.caption,
            altText: post.altText,
            version: post.version,
            publications: publications
              .filter((each) => each.postId === post.id)
              // named one by one: a copy would look at the reason, which may be foreign text
              .map(({ id: publicationId, accountId, network, state }) => ({
                publicationId,
                accountId,
                network,
                state,
              })),
          })),
      })
    }
    return { clips: lines }
  },
})
