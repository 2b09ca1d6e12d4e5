/** What the label's people ask of the year in brand-set.ts. */

export interface SetQuestion {
  readonly ask: string
  readonly kind:
    | 'current value'
    | 'as-of value'
    | 'who approved'
    | 'best time'
    | 'contradicted'
    | 'said once'
    | 'never said'
  readonly language: 'en' | 'es'
  /** Any of these answers it; none for what was never said. */
  readonly evidence: readonly string[]
  /** What must not come back: values that no longer hold. */
  readonly stale?: readonly string[]
  readonly asOf?: string
}

type Rest = Omit<SetQuestion, 'ask' | 'kind' | 'language' | 'evidence'>

const q = (
  kind: SetQuestion['kind'],
  language: SetQuestion['language'],
  ask: string,
  evidence: readonly string[],
  more: Rest = {},
): SetQuestion => ({ kind, language, ask, evidence, ...more })

export const QUESTIONS: readonly SetQuestion[] = [
  q('current value', 'en', 'How many emoji may a caption have?', ['emoji-new'], { stale: ['emoji-old'] }),
  q('current value', 'en', 'What may the tour ads cost a day?', ['budget-new', 'ads-start'], {
    stale: ['budget-old'],
  }),
  q('current value', 'en', 'Who manages Nadia Rios?', ['manager-new'], { stale: ['manager-old'] }),
  q('current value', 'en', 'Which hashtag comes last?', ['hashtags']),
  q('current value', 'es', '¿Cuántos hashtags y cuál es el último?', ['hashtags']),
  q('current value', 'es', '¿En qué idioma van los textos de la gira?', ['idioma']),
  q('current value', 'en', 'Where do we link the shop?', ['store']),
  q('as-of value', 'en', 'How many emoji may a caption have?', ['emoji-old'], {
    asOf: '2026-03-01T00:00:00.000Z',
    stale: ['emoji-new'],
  }),
  q('as-of value', 'en', 'What may the tour ads cost a day?', ['budget-old'], {
    asOf: '2026-06-01T00:00:00.000Z',
    stale: ['budget-new', 'ads-start'],
  }),
  q('as-of value', 'en', 'Who manages Nadia Ríos?', ['manager-old'], {
    asOf: '2026-05-01T00:00:00.000Z',
    stale: ['manager-new'],
  }),
  q('as-of value', 'en', 'When do reels do best on Instagram?', ['hour-old'], {
    asOf: '2026-03-15T00:00:00.000Z',
    stale: ['hour-new'],
  }),
  q('who approved', 'en', 'Who approved the Nadia live session clips?', ['launch-approved']),
  q('who approved', 'en', 'Who approved the teaser for Marea Baja?', ['teaser-approved']),
  q('who approved', 'en', 'Why was the teaser rejected?', ['teaser-rejected']),
  q('who approved', 'es', '¿Quién aprobó la cuenta atrás de la gira?', ['gira-aprobado']),
  q('who approved', 'en', 'Who approved moving the Madrid budget?', ['ads-shift']),
  q('who approved', 'en', 'Who approved the portraits carousel?', ['tour-approved']),
  q('who approved', 'en', 'Why is the podcast not on YouTube?', ['podcast-youtube']),
  q('best time', 'en', 'What is the best hour for reels on Instagram?', ['hour-new'], {
    stale: ['hour-old'],
  }),
  q('best time', 'es', '¿Cuál es el mejor momento para las historias?', ['hours-es']),
  q('best time', 'en', 'Is Thursday evening better than Monday morning?', ['report-q1-best']),
  q('best time', 'en', 'How late may we post?', ['hours-owner']),
  q('contradicted', 'en', 'Did the pressing get a second run?', ['vinyl-more']),
  q('contradicted', 'en', 'Do we post tour dates as a carousel?', ['report-q1-owner', 'report-q1-worst']),
  q('contradicted', 'en', 'May we name the guest Dora Quint?', ['tour-guest']),
  q('contradicted', 'en', 'Are scheduled posts still stopped because of the shop?', ['crisis-over']),
  q('said once', 'en', 'Which words do we avoid in captions?', ['launch-voice']),
  q('said once', 'en', 'Which logo goes on the cover?', ['teaser-rejected', 'teaser-again']),
  q('said once', 'en', 'May we advertise with the sample in the intro?', ['teaser-compliance']),
  q('said once', 'en', 'How many vinyl copies were made?', ['comments-answer', 'vinyl-sold']),
  q('said once', 'es', '¿En qué ciudades van las campanas de pago?', ['gira-campanas']),
  q('said once', 'es', '¿Cuándo empieza la gira?', ['gira-ask']),
  q('said once', 'es', '¿Usamos exclamaciones dobles?', ['gira-tono']),
  q('said once', 'en', 'Which photographer must be named?', ['tour-rights']),
  q('said once', 'en', 'What did Bilbao cost per click?', ['ads-first']),
  q('said once', 'en', 'What is the podcast called?', ['podcast-name']),
  q('said once', 'en', 'How fast should the first answer in a crisis be?', ['crisis-lesson', 'crisis-reply']),
  q('said once', 'en', 'How do we celebrate the nomination?', ['awards-owner']),
  q('said once', 'en', 'What did analytics report in April?', [
    'report-q1',
    'report-q1-best',
    'report-q1-worst',
  ]),
  q('said once', 'en', 'What does a clip open with?', ['lesson-hook', 'launch-clips']),
  q('never said', 'en', 'What is the password of the TikTok account?', []),
  q('never said', 'en', 'Which drummer broke his wrist?', []),
  q('never said', 'en', 'How much is the merchandise T-shirt?', []),
  q('never said', 'es', '¿Qué dijo el abogado sobre el contrato editorial?', []),
  q('never said', 'es', '¿Dónde se alojan los músicos?', []),
  q('never said', 'en', 'Did the mayor of Sevilla invite the orchestra?', []),
]
