//! What a device's files are made of, as one number: equal means that they would come out equal.

use toml::Value;
use twox_hash::XxHash3_128;

use super::device::Compiled;
use super::unit::Worker;
use crate::resolve::BookChoice;
use crate::settings::{Device, Element, Slot, Val};
use crate::vendor::FileScope;

/// The number of a device. It tells accidents apart, not attacks; it is kept in private files only.
pub type MadeOf = [u8; 16];

/// Feeds values to a hash, each behind its kind and length, so that no two devices feed alike.
struct Feed {
    buffer: Vec<u8>,
}

impl<'u> Worker<'_, '_, 'u> {
    /// What a device's files are made of: everything that is resolved, its plan, and its book where a file of its own holds it.
    /// The packs themselves and sipress are the caller's to compare.
    pub(super) fn made_of(&self, compiled: &Compiled<'u>, device: &Device<'u>) -> MadeOf {
        let mut feed = Feed { buffer: Vec::with_capacity(16384) };
        feed.text(&compiled.plan.model.id);
        feed.text(&format!("{:?}", compiled.plan.firmware));
        feed.text(&compiled.id.to_string());
        feed.text(self.site.customer);
        feed.text(self.docs.name);
        feed.text(compiled.folder);
        feed.buffer.push(u8::from(compiled.enabled));
        feed.table(&compiled.vars);
        feed.slots(&device.slots);
        for elements in [&device.lines, &device.keys, &device.handsets, &device.ports, &device.relays] {
            feed.number(elements.len() as u64);
            elements.iter().for_each(|element| feed.element(element));
        }
        feed.number(device.raw.len() as u64);
        for (name, slot) in &device.raw {
            feed.text(name);
            feed.value(slot.value);
        }
        let book = compiled.book.as_ref().filter(|_| has_own_book(compiled));
        feed.buffer.push(u8::from(book.is_some()));
        if let Some(book) = book {
            feed.buffer.extend_from_slice(&self.book_sum(book));
        }
        feed.sum()
    }

    /// What a book is made of. One book is that of many devices.
    fn book_sum(&self, book: &BookChoice) -> MadeOf {
        *self.book_sums.borrow_mut().entry(book.clone()).or_insert_with(|| {
            let mut feed = Feed { buffer: Vec::new() };
            feed.text(&book.title);
            feed.bytes(&postcard::to_stdvec(&*self.book_of(book)).unwrap_or_default());
            feed.sum()
        })
    }
}

/// Whether a file of the device itself holds its book.
fn has_own_book(compiled: &Compiled<'_>) -> bool {
    let of_device = compiled.plan.files.iter().filter(|file| file.spec.scope == FileScope::Device);
    of_device.flat_map(|file| &file.spec.uses).any(|name| name.starts_with("phonebook."))
}

impl Feed {
    fn sum(&self) -> MadeOf {
        XxHash3_128::oneshot(&self.buffer).to_le_bytes()
    }

    fn text(&mut self, text: &str) {
        self.bytes(text.as_bytes());
    }

    fn bytes(&mut self, bytes: &[u8]) {
        self.number(bytes.len() as u64);
        self.buffer.extend_from_slice(bytes);
    }

    fn number(&mut self, number: u64) {
        self.buffer.extend_from_slice(&number.to_le_bytes());
    }

    fn slots(&mut self, slots: &[Slot<'_>]) {
        self.number(slots.len() as u64);
        slots.iter().for_each(|slot| self.value(slot.value));
    }

    fn element(&mut self, element: &Element<'_>) {
        self.buffer.extend_from_slice(&element.number.to_le_bytes());
        self.buffer.extend_from_slice(&element.module.to_le_bytes());
        self.buffer.push(element.area);
        self.slots(&element.slots);
    }

    fn value(&mut self, value: Val<'_>) {
        match value {
            Val::Absent => self.buffer.push(0),
            Val::Unset => self.buffer.push(1),
            Val::Bool(bool) => self.buffer.extend_from_slice(&[2, u8::from(bool)]),
            Val::Int(number) => {
                self.buffer.push(3);
                self.number(number as u64);
            }
            Val::Enum(place) => self.buffer.extend_from_slice(&[4, place]),
            Val::Str(text) => {
                self.buffer.push(5);
                self.text(text);
            }
            Val::List(items) => {
                self.buffer.push(6);
                self.number(items.len() as u64);
                items.iter().for_each(|item| self.value(*item));
            }
            Val::Records(records) => {
                self.buffer.push(7);
                self.number(records.len() as u64);
                for record in records {
                    self.number(record.len() as u64);
                    for (setting, slot) in record.iter() {
                        self.number(u64::from(setting.0));
                        self.value(slot.value);
                    }
                }
            }
            Val::Map(pairs) => {
                self.buffer.push(8);
                self.number(pairs.len() as u64);
                pairs.iter().for_each(|(name, value)| {
                    self.text(name);
                    self.text(value);
                });
            }
        }
    }
    /// Free-form values, in their order.
    fn table(&mut self, table: &toml::Table) {
        self.number(table.len() as u64);
        for (name, value) in table {
            self.text(name);
            self.free(value);
        }
    }

    fn free(&mut self, value: &Value) {
        match value {
            Value::String(text) => {
                self.buffer.push(0);
                self.text(text);
            }
            Value::Integer(number) => {
                self.buffer.push(1);
                self.number(*number as u64);
            }
            Value::Float(number) => {
                self.buffer.push(2);
                self.number(number.to_bits());
            }
            Value::Boolean(bool) => self.buffer.extend_from_slice(&[3, u8::from(*bool)]),
            Value::Datetime(time) => {
                self.buffer.push(4);
                self.text(&time.to_string());
            }
            Value::Array(items) => {
                self.buffer.push(5);
                self.number(items.len() as u64);
                items.iter().for_each(|item| self.free(item));
            }
            Value::Table(table) => {
                self.buffer.push(6);
                self.table(table);
            }
        }
    }
}
