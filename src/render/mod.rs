//! From values to bytes: tables through their own writers, templates through Tera.

mod context;
mod encode;
mod table;
mod template;

pub use context::{Given, template_context, value};
pub use encode::encode;
pub use table::{Rendered, render_table};
pub use template::Templates;
