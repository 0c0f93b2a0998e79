/** Why standard output does not take what is printed. Of what Node says the words are enough. */
export const describeUnwritten = ({ message }: Error): string =>
  `standard output: ${message.replace(/^[A-Z]+: (.*), write$/, '$1')}`
