//! Virtual phones.
mod phone;
