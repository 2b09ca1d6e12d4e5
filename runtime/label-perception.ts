import type { Perception } from './core/ports/perception.ts'
import { TRUST, type Trust } from './core/trust.ts'

/** What is seen or heard in a film is foreign text: whoever gets an answer has read it. No answer taints nobody. */
export function labelPerception(perception: Perception, meter: { lower(trust: Trust): void }): Perception {
  const heard = <T>(answer: T | undefined): T | undefined => {
    if (answer !== undefined) meter.lower(TRUST.foreign)
    return answer
  }
  return {
    describe: async (frames, options) => heard(await perception.describe(frames, options)),
    transcribe: async (path, options) => heard(await perception.transcribe(path, options)),
  }
}
