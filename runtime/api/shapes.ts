/** The nouns as the reference names them. */
import { z } from 'zod'
import * as entities from '../core/entities.ts'

export const Brand = entities.Brand.meta({ id: 'Brand' })
export const Account = entities.Account.meta({ id: 'Account' })
export const Asset = entities.Asset.meta({ id: 'Asset' })
export const Clip = entities.Clip.meta({ id: 'Clip' })
export const Rendition = entities.Rendition.meta({ id: 'Rendition' })
export const Post = entities.Post.meta({ id: 'Post' })
export const Publication = entities.Publication.meta({ id: 'Publication' })
export const Approval = entities.Approval.meta({ id: 'Approval' })
export const Alert = entities.Alert.meta({ id: 'Alert' })
export const Comment = entities.Comment.meta({ id: 'Comment' })
export const VaultItem = entities.VaultItem.meta({ id: 'VaultItem' })
export const MetricPoint = entities.MetricPoint.meta({ id: 'MetricPoint' })

export const IdParams = z.object({ id: z.uuid() })
export const Nothing = z.strictObject({})
export const Done = z.object({ done: z.literal(true) })
export const Reason = z.strictObject({ reason: z.string().min(1).max(2_000).optional() })

/** An ISO instant with a zone. */
export const When = z.iso.datetime({ offset: true })
