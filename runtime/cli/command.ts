import { Command } from 'commander'

/** A command whose help ends in one line that can be copied. */
export const command = (usage: string, does: string, example: string): Command => {
  const [name = '', ...rest] = usage.split(' ')
  const made = new Command(name).description(does).addHelpText('after', `\nExample:\n  $ ${example}`)
  return rest.length > 0 ? made.arguments(rest.join(' ')) : made
}
