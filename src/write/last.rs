//! What the last build knows of a customer, so that nothing has to be made again.

use std::io;

use rayon::prelude::*;

use super::disk::{self, Access, Kind};
use super::manifest::{Customer, Entry};
use super::memory::{Memory, Record};
use super::output::{Output, Unit};

/// What the last build remembers of a customer.
pub struct LastUnit<'a> {
    output: &'a Output,
    name: String,
    known: &'a Customer,
    memory: Memory,
}

impl LastUnit<'_> {
    /// The note that went with the customer's files.
    pub fn note(&self) -> &[u8] {
        self.memory.header().note
    }

    /// Says that nothing about the customer changed; see [`Output::keep_unit`].
    pub fn keep(self) -> io::Result<bool> {
        let untouched = self.shard_is_untouched()? && self.files_are_untouched()?;
        if untouched {
            self.output.enter(&self.name, Unit::Kept(self.known.clone()))?;
        }
        Ok(untouched)
    }

    fn shard_is_untouched(&self) -> io::Result<bool> {
        let header = self.memory.header();
        let found = disk::stat(&self.output.out.join(&self.known.shard))?;
        Ok(found.is_some_and(|found| (found.size, found.mtime) == (header.shard_size, header.shard_mtime)))
    }

    /// One look at each file.
    fn files_are_untouched(&self) -> io::Result<bool> {
        let records: Vec<Record<'_>> = self.memory.records().collect();
        let bad = records.par_iter().with_min_len(256).map(|record| self.is_untouched(record));
        let bad = bad.find_any(|untouched| !matches!(untouched, Ok(true)));
        bad.unwrap_or(Ok(true))
    }

    fn is_untouched(&self, record: &Record<'_>) -> io::Result<bool> {
        let found = disk::stat(&self.output.site.join(record.path))?;
        Ok(found.is_some_and(|found| {
            found.kind == Kind::File && found.size == record.size && Some(found.mtime) == record.mtime && found.is_for(Access::Public)
        }))
    }
}

impl Output {
    /// What is remembered of a customer; nothing where its files have to be made again.
    pub fn last(&self, customer: &str) -> io::Result<Option<LastUnit<'_>>> {
        if self.fresh {
            return Ok(None);
        }
        let Some(known) = self.previous.customer(customer) else {
            return Ok(None);
        };
        let memory = self.previous.memory(customer)?;
        Ok(memory.map(|memory| LastUnit { output: self, name: customer.to_owned(), known, memory }))
    }

    /// Says that nothing about a customer changed. When the answer is no, its files have to be made again,
    /// because one of them is missing or was touched, or because the last run was cut short.
    pub fn keep_unit(&self, customer: &str) -> io::Result<bool> {
        match self.last(customer)? {
            Some(last) => last.keep(),
            None => Ok(false),
        }
    }

    /// The customer's files in the last build, for [`UnitWriter::carry`](super::UnitWriter::carry); none that cannot be trusted.
    pub fn entries(&self, customer: &str) -> Vec<Entry> {
        let root = self.previous.root.as_ref().filter(|_| !self.fresh && !self.previous.cut_short);
        root.and_then(|root| root.read_shard(&self.out, customer).ok()).unwrap_or_default()
    }
}

#[cfg(test)]
mod tests {
    use crate::write::Output;
    use crate::write::tests::{Build, files_of, times_of};
    use std::fs;

    #[test]
    fn what_is_kept_is_not_touched_and_keeps_its_note() {
        let out = tempfile::tempdir().unwrap();
        Build::new(out.path()).unit("acme", &[("t/a.cfg", "1")]).unit("beta", &[("u/b.cfg", "2")]).run().unwrap();
        let before = (files_of(out.path()), times_of(out.path()));
        for _ in 0..2 {
            let (summary, _) = Build::new(out.path()).keep("acme").keep("beta").run().unwrap();
            assert_eq!((summary.unchanged, summary.new, summary.changed, summary.removed), (2, 0, 0, 0));
        }
        let output = Output::open(out.path(), || ()).unwrap();
        assert_eq!(output.last("acme").unwrap().unwrap().note(), b"note of acme");
        drop(output);
        assert_eq!((files_of(out.path()), times_of(out.path())), before);
    }

    #[test]
    fn a_unit_with_a_touched_file_has_to_be_made_again() {
        for (number, touch) in TOUCHES.iter().enumerate() {
            let out = tempfile::tempdir().unwrap();
            Build::new(out.path()).unit("acme", &[("t/a.cfg", "1"), ("t/b.cfg", "2")]).run().unwrap();
            let before = files_of(out.path());
            touch(out.path());
            let output = Output::open(out.path(), || ()).unwrap();
            assert!(!output.keep_unit("acme").unwrap(), "touch {number}");
            drop(output);
            Build::new(out.path()).unit("acme", &[("t/a.cfg", "1"), ("t/b.cfg", "2")]).run().unwrap();
            assert_eq!(files_of(out.path()), before, "touch {number}");
            Build::new(out.path()).keep("acme").run().unwrap();
        }
    }

    type Touch = fn(&std::path::Path);
    const TOUCHES: &[Touch] = &[
        |out| fs::remove_file(out.join("site/t/a.cfg")).unwrap(),
        |out| fs::write(out.join("site/t/b.cfg"), "3").unwrap(),
        |out| fs::write(out.join("site/t/b.cfg"), "22").unwrap(),
        |out| fs::remove_dir_all(out.join("site/t")).unwrap(),
        |out| fs::remove_dir_all(out.join("site")).unwrap(),
        |out| fs::remove_file(out.join("manifest/acme.json")).unwrap(),
        |out| fs::remove_file(out.join("manifest.json")).unwrap(),
        |out| fs::write(out.join("manifest/acme.json"), "[]\n").unwrap(),
        |out| fs::remove_dir_all(out.join(".cache")).unwrap(),
        |out| fs::write(out.join(".cache/units/acme.files"), "torn").unwrap(),
        |out| fs::write(out.join("manifest/journal"), "t/a.cfg\n").unwrap(),
        #[cfg(unix)]
        |out| {
            use std::os::unix::fs::PermissionsExt;
            fs::set_permissions(out.join("site/t/a.cfg"), fs::Permissions::from_mode(0o600)).unwrap();
        },
    ];
}
