/** The bundler gives the file as a text. */
declare module '*.sh' {
  const text: string;
  export { text as default };
}
