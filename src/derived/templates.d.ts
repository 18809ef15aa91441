/** Made from templates/ by "npm run build": each template as Handlebars' compiled form. */
export const templates: Readonly<Record<string, TemplateSpecification>>;
export const partials: Readonly<Record<string, TemplateSpecification>>;
