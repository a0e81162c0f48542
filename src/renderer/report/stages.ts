/** The stages of a draft in a reader's words. */
const words: Record<string, string> = {
  reading: 'reading the files',
  decoding: 'decoding the film',
  'loading model': 'loading the model',
  preparing: 'preparing the film',
  model: 'looking at the film',
  writing: 'writing the sentences',
};

export const stageWords = (stage: string): string => words[stage] ?? 'starting';
