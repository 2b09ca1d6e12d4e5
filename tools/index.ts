/** The catalogue, by hand: what is not listed here does not exist for an agent. */
import type { AnyTool } from '../runtime/core/tool.ts'
import { checkVoice } from './brand/check-voice.ts'
import { readBrand } from './brand/read-brand.ts'
import { checkPost } from './compliance/check-post.ts'
import { bestTimes } from './insight/best-times.ts'
import { findAnomalies } from './insight/find-anomalies.ts'
import { readComments } from './insight/read-comments.ts'
import { summariseMetrics } from './insight/summarise-metrics.ts'
import { describeClip } from './media/describe-clip.ts'
import { findHighlights } from './media/find-highlights.ts'
import { listClips } from './media/list-clips.ts'
import { probeVideo } from './media/probe-video.ts'
import { renderClip } from './media/render-clip.ts'
import { trimClip } from './media/trim-clip.ts'
import { recall } from './memory/recall.ts'
import { remember } from './memory/remember.ts'
import { cancelPublication } from './publish/cancel-publication.ts'
import { draftPost } from './publish/draft-post.ts'
import { publicationStatus } from './publish/publication-status.ts'
import { publishPost } from './publish/publish-post.ts'
import { revisePost } from './publish/revise-post.ts'
import { schedulePost } from './publish/schedule-post.ts'
import { undoPublication } from './publish/undo-publication.ts'
import { renderReport } from './report/render-report.ts'
import { readHealth } from './system/read-health.ts'
import { getVault } from './vault/get-vault.ts'
import { listVault } from './vault/list-vault.ts'
import { putVault } from './vault/put-vault.ts'

export const tools: readonly AnyTool[] = [
  probeVideo,
  findHighlights,
  trimClip,
  renderClip,
  describeClip,
  listClips,
  draftPost,
  revisePost,
  publishPost,
  schedulePost,
  cancelPublication,
  undoPublication,
  publicationStatus,
  bestTimes,
  summariseMetrics,
  findAnomalies,
  readComments,
  readBrand,
  checkVoice,
  checkPost,
  remember,
  recall,
  putVault,
  getVault,
  listVault,
  renderReport,
  readHealth,
]

export const findTool = (name: string): AnyTool | undefined => tools.find((tool) => tool.name === name)

export {
  bestTimes,
  cancelPublication,
  checkPost,
  checkVoice,
  describeClip,
  draftPost,
  findAnomalies,
  findHighlights,
  getVault,
  listClips,
  listVault,
  probeVideo,
  publicationStatus,
  publishPost,
  putVault,
  readBrand,
  readComments,
  readHealth,
  recall,
  remember,
  renderClip,
  renderReport,
  revisePost,
  schedulePost,
  summariseMetrics,
  trimClip,
  undoPublication,
}
