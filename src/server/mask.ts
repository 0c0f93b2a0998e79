/** Takes the token out of a text that is to be written down: a client may have typed it anywhere. */
export type Mask = (text: string) => string

export const maskOf =
  (token: string | undefined): Mask =>
  (text) =>
    token === undefined ? text : text.replaceAll(token, '[token]')
