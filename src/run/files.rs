//! The files of a customer on their way from the compiler to the output: counted, and taken over from the last build where nothing
//! that they are made of has changed.

use std::collections::BTreeMap;
use std::io;
use std::rc::Rc;
use std::sync::Arc;

use super::timings::{Made, Vendors, Watch};
use super::why::Question;
use crate::compile::{MadeOf, Meter, OutFile, Pass, Sink};
use crate::settings::Sensitivity;
use crate::write::{Entry, Meta, OutPath, Output, UnitWriter};

/// Takes a customer's files.
pub struct Files<'o> {
    /// Where they go.
    pub writer: UnitWriter<'o>,
    watch: Option<Rc<Watch>>,
    question: Option<&'o Question>,
    carry: Carry,
    /// What there is by vendor so far.
    pub vendors: Vendors,
    words: Vec<Arc<str>>,
    /// The device whose file came last.
    device: String,
}

/// The files of the last build that can be taken over.
#[derive(Default)]
pub struct Carry {
    made_of: BTreeMap<String, MadeOf>,
    entries: BTreeMap<OutPath, Entry>,
}

impl Carry {
    /// Of a customer, whose devices were made of this.
    pub fn new(made_of: BTreeMap<String, MadeOf>, output: &Output, customer: &str) -> Carry {
        let entries = if made_of.is_empty() { Vec::new() } else { output.entries(customer) };
        Carry { made_of, entries: entries.into_iter().map(|entry| (entry.path.clone(), entry)).collect() }
    }

    /// The entries of exactly these files; `None` where one is not there or is not this device's alone.
    fn take(&mut self, device: &str, paths: &[String]) -> Option<Vec<Entry>> {
        let entries = paths.iter().map(|path| self.entries.remove(&OutPath::new(path).ok()?));
        entries.map(|entry| entry.filter(|entry| entry.device.as_deref() == Some(device))).collect()
    }
}

impl<'o> Files<'o> {
    /// None yet.
    pub fn new(writer: UnitWriter<'o>, carry: Carry, watch: Option<Rc<Watch>>, question: Option<&'o Question>) -> Self {
        Files { writer, watch, question, carry, vendors: Vendors::new(), words: Vec::new(), device: String::new() }
    }

    /// What there is of a vendor so far.
    fn made(&mut self, vendor: &str) -> &mut Made {
        if !self.vendors.contains_key(vendor) {
            self.vendors.insert(vendor.to_owned(), Made::default());
        }
        self.vendors.get_mut(vendor).expect("it was just put there")
    }

    /// Counts a file that was rendered.
    fn count(&mut self, file: &OutFile<'_>, bytes: usize) {
        let next = file.device.as_deref().is_some_and(|device| device != self.device);
        if next {
            file.device.as_deref().unwrap_or_default().clone_into(&mut self.device);
        }
        let made = self.made(file.vendor);
        made.files += 1;
        made.bytes += bytes as u64;
        made.devices += u64::from(next);
        made.rendered += u64::from(next);
    }

    /// Takes files of the last build over; not all where one is not in the site as it was.
    fn take_over(&self, entries: Vec<Entry>) -> io::Result<bool> {
        for entry in entries {
            if !self.writer.carry(entry)? {
                return Ok(false);
            }
        }
        Ok(true)
    }

    /// Works in the pass that writes.
    fn writes<R>(&mut self, work: impl FnOnce(&mut Self) -> R) -> R {
        let Some(watch) = self.watch.clone() else { return work(self) };
        let before = watch.enter(Pass::Write);
        let result = work(self);
        watch.enter(before);
        result
    }

    /// One copy of each word that many files share.
    fn word(&mut self, text: &str) -> Arc<str> {
        if let Some(known) = self.words.iter().find(|known| &***known == text) {
            return known.clone();
        }
        let word: Arc<str> = text.into();
        self.words.push(word.clone());
        word
    }
}

impl Sink for Files<'_> {
    fn take(&mut self, file: &OutFile<'_>, bytes: &[u8]) -> io::Result<()> {
        let path = OutPath::new(&file.path).map_err(io::Error::other)?;
        let meta = Meta {
            cache_control: self.word(file.cache_control()),
            content_type: self.word(file.content_type),
            device: file.device.as_deref().map(Arc::from),
            kind: self.word(file.kind),
            sensitivity: file.sensitivity,
        };
        self.count(file, bytes.len());
        self.writes(|files| files.writer.put(&path, bytes, meta))
    }

    fn remembers(&self) -> bool {
        true
    }

    fn last_made_of(&self, device: &str) -> Option<MadeOf> {
        self.carry.made_of.get(device).copied()
    }

    fn carry(&mut self, device: &str, vendor: &str, paths: &[String]) -> io::Result<Option<Vec<Sensitivity>>> {
        let Some(entries) = self.carry.take(device, paths) else { return Ok(None) };
        let sensitivities = entries.iter().map(|entry| entry.sensitivity).collect();
        let bytes: u64 = entries.iter().map(|entry| entry.size).sum();
        if !self.writes(|files| files.take_over(entries))? {
            return Ok(None);
        }
        self.question.iter().for_each(|question| question.carried(device));
        let made = self.made(vendor);
        made.devices += u64::from(!paths.is_empty());
        made.files += paths.len() as u64;
        made.bytes += bytes;
        Ok(Some(sensitivities))
    }

    fn meter(&self) -> Option<Rc<dyn Meter>> {
        self.watch.clone().map(|watch| watch as Rc<dyn Meter>)
    }
}
