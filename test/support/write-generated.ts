import { generatedParts } from './generated.ts'

for (const part of generatedParts) part.write(await part.render())
