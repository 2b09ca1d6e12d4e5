import { modelConformance } from '../../conformance/model.ts'

modelConformance('OpenAI, chat completions', {
  provider: 'openai',
  model: 'gpt-5.4',
  api: 'chat-completions',
})
modelConformance('OpenAI, responses', { provider: 'openai', model: 'gpt-5.6', api: 'responses' })
modelConformance('Anthropic', { provider: 'anthropic', model: 'claude-sonnet-5', api: 'messages' })
modelConformance('Google', { provider: 'google', model: 'gemini-2.5-flash', api: 'generate-content' })
