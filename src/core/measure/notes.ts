/** What is said of a measurement that is weak or was not made: the English words of the phrase book, by their names. */
import phrases from '../report/phrases/en.json' with { type: 'json' };

export const { notes } = phrases;
