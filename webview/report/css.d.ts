// The bundler takes style sheets along; for the types an import of one has no content.
declare module '*.css';
