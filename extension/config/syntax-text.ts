import { printParseErrorCode, type ParseErrorCode } from 'jsonc-parser';

/** By the parser's names of its error codes. */
const TEXTS: Readonly<Record<string, { message: string; remedy: string }>> = {
  PropertyNameExpected: {
    message: 'A key in double quotes is expected',
    remedy: 'Write "key": value',
  },
  ValueExpected: { message: 'A value is expected', remedy: 'Write a text, number, list or object' },
  ColonExpected: { message: 'A colon is expected', remedy: 'Write "key": value' },
  CommaExpected: { message: 'A comma is expected', remedy: 'Put a comma between the two' },
  CloseBraceExpected: { message: 'A closing } is expected', remedy: 'Close the object' },
  CloseBracketExpected: { message: 'A closing ] is expected', remedy: 'Close the list' },
  EndOfFileExpected: {
    message: 'The file goes on after its end',
    remedy: 'Remove what follows the last }',
  },
  UnexpectedEndOfComment: { message: 'The comment does not end', remedy: 'End it with */' },
  UnexpectedEndOfString: {
    message: 'The text does not end',
    remedy: 'End it with a double quote on the same line',
  },
  InvalidEscapeCharacter: {
    message: 'The escape is not one of JSON',
    remedy: 'Write \\\\ for a backslash',
  },
};

/** What is wrong with the text as JSON. */
export function syntaxText(code: ParseErrorCode): { message: string; remedy: string } {
  return (
    TEXTS[printParseErrorCode(code)] ?? {
      message: 'This is not JSON',
      remedy: 'Use double quotes and the words true, false and null',
    }
  );
}
