/** Where and why a text is not what it was read as; the message follows `FILE, line N: the text `. */
export interface TextFault {
  line: number;
  message: string;
}
