/** Seeing and hearing, where a provider can. Both answer undefined when nobody can: then nothing is said about the film. */
export interface Perception {
  /** One plain sentence about what the pictures show, in `language`; foreign content, so trust 0 for whoever reads it. */
  describe(
    frames: readonly Uint8Array[],
    options: { language: string; signal: AbortSignal },
  ): Promise<string | undefined>
  transcribe(
    audioPath: string,
    options: { signal: AbortSignal },
  ): Promise<{ text: string; language?: string } | undefined>
}
