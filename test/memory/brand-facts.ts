/** What the label knows, and what it knew before: each value at its time. */

export interface SetFact {
  readonly key: string
  readonly at: string
  readonly subject: string
  readonly predicate: string
  readonly text: string
  readonly isSingleValued?: boolean
  readonly kind?: 'fact' | 'preference' | 'rule' | 'lesson' | 'metric'
}

const know = (
  key: string,
  at: string,
  subject: string,
  predicate: string,
  text: string,
  more: Partial<SetFact> = {},
): SetFact => ({ ...{ key, subject, predicate, text }, at: `${at}:00.000Z`, ...more })

const ONE = { isSingleValued: true } as const

export const FACTS: readonly SetFact[] = [
  know(
    'emoji-old',
    '2026-01-05T09:00',
    'captions',
    'emoji per caption',
    'At most three emoji in a caption.',
    { ...ONE, kind: 'rule' },
  ),
  know('emoji-new', '2026-06-11T09:00', 'captions', 'emoji per caption', 'No emoji in captions at all.', {
    ...ONE,
    kind: 'rule',
  }),
  know('hour-old', '2026-02-10T09:00', 'Instagram', 'best hour', 'Reels do best on Thursday at 19:00.', {
    ...ONE,
    kind: 'metric',
  }),
  know('hour-new', '2026-07-15T09:00', 'Instagram', 'best hour', 'Reels do best on Thursday at 22:00.', {
    ...ONE,
    kind: 'metric',
  }),
  know(
    'budget-old',
    '2026-05-07T09:00',
    'tour ads',
    'daily budget',
    'The tour ads may cost 25 euros a day.',
    ONE,
  ),
  know(
    'budget-new',
    '2026-08-21T10:05',
    'tour ads',
    'daily budget',
    'The tour ads may cost 40 euros a day.',
    ONE,
  ),
  know(
    'manager-old',
    '2026-01-05T09:00',
    'Nadia Ríos',
    'managed by',
    'Nadia Ríos is managed by Clara Voss.',
    ONE,
  ),
  know(
    'manager-new',
    '2026-09-01T09:00',
    'Nadia Ríos',
    'managed by',
    'Nadia Ríos is managed by Tomás Prat.',
    ONE,
  ),
  know(
    'hashtags',
    '2026-01-06T09:00',
    'hashtags',
    'how many',
    'Five hashtags, the last one is always #lunarecords.',
    { ...ONE, kind: 'rule' },
  ),
  know(
    'lesson-hook',
    '2026-04-03T09:00',
    'clips',
    'opens with',
    'Clips that open on the chorus keep 38 percent more viewers.',
    { kind: 'lesson' },
  ),
  know(
    'idioma',
    '2026-05-06T18:00',
    'textos de la gira',
    'idioma',
    'Los textos de la gira van en español y en euskera.',
    ONE,
  ),
  know(
    'store',
    '2026-06-23T09:00',
    'shop',
    'link',
    'The shop is linked in the profile, never in a caption.',
    { kind: 'rule' },
  ),
]
