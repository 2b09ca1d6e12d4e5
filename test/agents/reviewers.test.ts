import { describe, expect, test } from 'vitest'
import type { ReviewBrief } from '../../agents/brand-voice/brief.ts'
import { reviewForVoice } from '../../agents/brand-voice/playbook.ts'
import { VoiceReport } from '../../agents/brand-voice/report.ts'
import { reviewForCompliance } from '../../agents/compliance/playbook.ts'
import { ComplianceReport } from '../../agents/compliance/report.ts'
import type { Brand } from '../../runtime/core/entities.ts'
import { refuse, runPlaybook } from './run-playbook.ts'
import { casa, idOf, marea, openStudio } from './studio.ts'

const postId = idOf('post')
function look(caption: string, change: Partial<ReviewBrief> = {}, brand: Brand = marea) {
  const studio = openStudio(brand)
  studio.posts.set(postId, {
    caption,
    altText: 'x',
    hashtags: brand.voice.hashtags,
    language: brand.language,
  })
  const brief: ReviewBrief = { language: 'en', posts: [{ postId, ordinal: 1, caption }], ...change }
  return {
    voice: VoiceReport.parse(runPlaybook(reviewForVoice(brief), studio.answers).report),
    law: ComplianceReport.parse(runPlaybook(reviewForCompliance(brief), studio.answers).report),
  }
}

const GOOD = "Let's go now! Turn the tide. Release: Sal. Stay salty."

describe('brand voice', () => {
  test('passes what sounds like the brand and tells another brand the opposite', () => {
    expect(look(GOOD).voice.reviews).toMatchObject([{ verdict: 'pass', by: 'brand-voice' }])
    expect(look(GOOD, {}, casa).voice.reviews[0]?.verdict).not.toBe('pass')
  })

  test('proposes the caption without the word the brand avoids, the rest word for word', () => {
    const { reviews } = look(`Cheap tickets for everyone today. ${GOOD}`).voice
    expect(reviews[0]?.verdict).toBe('block')
    expect(reviews[0]?.proposal).toBe(`Tickets for everyone today. ${GOOD}`)
  })

  test('what the person set aside holds nothing back, an avoided word always does', () => {
    const silent =
      'The album is out and you can hear it in the usual places from this evening on, wherever you are.'
    const { findings = [] } = look(silent).voice.reviews[0] ?? {}
    const accepts = findings.map((finding) => finding.rule)
    expect(look(silent).voice.reviews[0]?.verdict).toBe('revise')
    expect(look(silent, { accepts }).voice.reviews[0]?.verdict).toBe('pass')
    expect(look(`${GOOD} Cheap.`, { accepts: ['avoided-word'] }).voice.reviews[0]?.verdict).toBe('block')
  })

  test('judges a text that is no post yet', () => {
    const report = look('', { posts: [], text: 'Cheap music.' }).voice
    expect(report.text).toMatchObject({ verdict: 'block', text: 'Cheap music.' })
  })

  test('a post that cannot be read is a failure, not a pass', () => {
    const { report } = runPlaybook(reviewForVoice({ language: 'en', posts: [{ postId, ordinal: 1 }] }), {
      'read-brand': () => marea,
      'check-voice': () => refuse('not-found', 'no such post'),
    })
    expect(report).toMatchObject({ reviews: [], failures: [{ code: 'not-found' }] })
  })
})

describe('compliance', () => {
  test('asks for the label of advertising and proposes it first', () => {
    const { law } = look(`Sponsored by Faro. ${GOOD}`)
    expect(law.reviews[0]).toMatchObject({ verdict: 'revise', by: 'compliance' })
    expect(law.disclosures).toMatchObject([{ ordinal: 1 }])
    expect(law.reviews[0]?.proposal?.startsWith('#ad ')).toBe(true)
  })

  test('tells that rights are open without holding the words back', () => {
    const { law } = look(GOOD)
    expect([law.reviews[0]?.verdict, law.rightsMissing]).toEqual(['pass', [{ postId, ordinal: 1 }]])
  })

  test('judges a bare text by its words alone', () => {
    expect(look('', { posts: [], text: 'New music on Friday.' }).law.text?.verdict).toBe('pass')
    expect(look('', { posts: [], text: 'Write to me: luna@example.com' }).law.text?.verdict).not.toBe('pass')
  })
})
