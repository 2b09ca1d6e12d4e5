import { seededRandom } from '../../../runtime/core/random.ts'
import type { Section } from './sample-plan.ts'

export const MUSIC_RATE_HZ = 32_000
const BEAT_S = 0.5
const BAR_S = 2

/** Four chords (A minor, F, C, G) as semitones from A3; one a bar. */
const CHORDS = [
  [0, 3, 7],
  [-4, 0, 3],
  [3, 7, 10],
  [-2, 2, 5],
]
const A3_HZ = 220
/** From three octaves below A3 to three above: a power a sample would cost more than the music. */
const PITCHES_HZ = Array.from({ length: 73 }, (_, index) => A3_HZ * 2 ** ((index - 36) / 12))
const pitch = (semitones: number): number => PITCHES_HZ[semitones + 36] ?? A3_HZ

/** Stereo, 16 bits, little-endian: a soft pad everywhere; kick, bass, hats and an arpeggio where it is loud. */
export function composeMusic(sections: readonly Section[], seed: number): Buffer {
  const endMs = sections.at(-1)?.endMs ?? 0
  const samples = Math.round((endMs / 1000) * MUSIC_RATE_HZ)
  const music = Buffer.alloc(samples * 4)
  const noise = seededRandom(seed + 2)
  const transpose = seededRandom(seed + 3).int(5) - 2
  let at = 0
  for (const section of sections) {
    const last = Math.round((section.endMs / 1000) * MUSIC_RATE_HZ)
    for (; at < last; at++) {
      const time = at / MUSIC_RATE_HZ
      const chord = CHORDS[Math.floor(time / BAR_S) % CHORDS.length] ?? []
      const fade = Math.min(1, time / 0.5, (samples - at) / (MUSIC_RATE_HZ * 1.5))
      const pad = playPad(time, chord, transpose)
      const drive = section.isLoud ? playDrive(time, chord, transpose, noise.next()) : { left: 0, right: 0 }
      const padGain = section.isLoud ? 0.1 : 0.05
      music.writeInt16LE(toSample((pad * padGain + drive.left) * fade), at * 4)
      music.writeInt16LE(toSample((pad * padGain + drive.right) * fade), at * 4 + 2)
    }
  }
  return music
}

const toSample = (value: number): number => Math.round(Math.tanh(value) * 32_000)
const sine = (time: number, hz: number): number => Math.sin(2 * Math.PI * hz * time)

function playPad(time: number, chord: readonly number[], transpose: number): number {
  const swell = 0.7 + 0.3 * Math.sin((2 * Math.PI * time) / (2 * BAR_S))
  const voice = (note: number) =>
    sine(time, pitch(note + transpose)) + 0.5 * sine(time, pitch(note + transpose) * 1.003)
  return swell * chord.reduce((sum, note) => sum + voice(note), 0)
}

function playDrive(time: number, chord: readonly number[], transpose: number, noise: number) {
  const inBeat = time % BEAT_S
  const kick =
    Math.exp(-inBeat * 9) * Math.sin(2 * Math.PI * (50 * inBeat + 9 * (1 - Math.exp(-inBeat * 28))))
  const duck = Math.min(1, inBeat / 0.18)
  const bass = duck * Math.tanh(3 * sine(time, pitch((chord[0] ?? 0) + transpose - 24)))
  const inStep = time % (BEAT_S / 4)
  const step = Math.floor(time / (BEAT_S / 4))
  const note = (chord[step % 3] ?? 0) + transpose + 12 * (1 + (step % 2))
  const pluck = Math.exp(-inStep * 14) * sine(time, pitch(note))
  const inHat = (time + BEAT_S / 2) % BEAT_S
  const hat = Math.exp(-inHat * 60) * (noise * 2 - 1)
  const middle = 0.75 * kick + 0.3 * bass
  const sway = 0.25 * Math.sin((2 * Math.PI * time) / BAR_S)
  return {
    left: middle + (0.3 + sway * 0.3) * pluck + 0.16 * hat,
    right: middle + (0.3 - sway * 0.3) * pluck + 0.2 * hat,
  }
}
