//! What is remembered of a customer's files between runs, so that an unchanged one costs a look at each file and no more.
//!
//! A header and flat records, sorted by path. Anything odd about it means that nothing is remembered.

use std::io;
use std::path::Path;

use serde::{Deserialize, Serialize};
use sha2::{Digest, Sha256};

use super::disk;

const FORM: u32 = 1;
const CHECKSUM: usize = 32;

/// The first part.
#[derive(Serialize, Deserialize)]
pub(super) struct Header<'a> {
    form: u32,
    compiler: &'a str,
    /// The hash, size and time of the shard that lists the same files.
    pub shard: &'a [u8],
    pub shard_size: u64,
    pub shard_mtime: i64,
    /// What the caller wants to know of this customer next time.
    pub note: &'a [u8],
}

/// One file.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub(super) struct Record<'a> {
    pub path: &'a str,
    pub sha256: &'a [u8],
    pub size: u64,
    /// The time of change that it had when its bytes were known to be these.
    pub mtime: Option<i64>,
}

/// A customer's memory as it lies on the disk.
pub(super) struct Memory {
    bytes: Vec<u8>,
    records: usize,
}

impl<'a> Header<'a> {
    pub fn new(shard: &'a [u8; 32], shard_size: u64, shard_mtime: i64, note: &'a [u8]) -> Header<'a> {
        Header { form: FORM, compiler: super::COMPILER, shard, shard_size, shard_mtime, note }
    }
}

impl Memory {
    pub fn new<'a>(header: &Header<'_>, records: impl Iterator<Item = Record<'a>>) -> Memory {
        let mut body = postcard::to_extend(header, vec![0; CHECKSUM]).expect(PLAIN);
        let start = body.len();
        for record in records {
            body = postcard::to_extend(&record, body).expect(PLAIN);
        }
        let checksum = Sha256::digest(&body[CHECKSUM..]);
        body[..CHECKSUM].copy_from_slice(&checksum);
        Memory { bytes: body, records: start }
    }

    /// The memory in this file; none where it is missing, torn, of another version or of another compiler.
    pub fn read(path: &Path) -> io::Result<Option<Memory>> {
        Ok(disk::read(path)?.and_then(Memory::parse))
    }

    fn parse(bytes: Vec<u8>) -> Option<Memory> {
        let (checksum, body) = bytes.split_at_checked(CHECKSUM)?;
        if checksum != Sha256::digest(body).as_slice() {
            return None;
        }
        let (header, records) = postcard::take_from_bytes::<Header<'_>>(body).ok()?;
        let known = header.form == FORM && header.compiler == super::COMPILER;
        let records = bytes.len() - records.len();
        known.then_some(Memory { bytes, records })
    }

    pub fn bytes(&self) -> &[u8] {
        &self.bytes
    }

    pub fn header(&self) -> Header<'_> {
        postcard::from_bytes(&self.bytes[CHECKSUM..]).expect("it was read when the memory was made")
    }

    pub fn records(&self) -> impl Iterator<Item = Record<'_>> {
        let mut rest = &self.bytes[self.records..];
        std::iter::from_fn(move || {
            let (record, after) = postcard::take_from_bytes(rest).ok()?;
            rest = after;
            Some(record)
        })
    }
}

const PLAIN: &str = "numbers, texts and bytes can always be written to memory";

#[cfg(test)]
mod tests {
    use super::*;

    fn memory() -> Memory {
        let header = Header::new(&[7; 32], 99, -3, b"note");
        let record = |path, mtime| Record { path, sha256: &[1; 32], size: 300, mtime };
        Memory::new(&header, [record("a/b", Some(i64::MIN)), record("c", None)].into_iter())
    }

    #[test]
    fn it_reads_back() {
        let memory = Memory::parse(memory().bytes).unwrap();
        let header = memory.header();
        assert_eq!((header.shard, header.shard_size, header.shard_mtime, header.note), (&[7; 32][..], 99, -3, &b"note"[..]));
        let records: Vec<Record<'_>> = memory.records().collect();
        assert_eq!(records.iter().map(|record| record.path).collect::<Vec<_>>(), ["a/b", "c"]);
        assert_eq!(records[0].mtime, Some(i64::MIN));
        assert_eq!((records[1].sha256, records[1].size, records[1].mtime), (&[1; 32][..], 300, None));
    }

    #[test]
    fn anything_odd_is_no_memory() {
        let good = memory().bytes;
        for end in 0..good.len() {
            assert!(Memory::parse(good[..end].to_vec()).is_none());
            let mut flipped = good.clone();
            flipped[end] ^= 1;
            assert!(Memory::parse(flipped).is_none());
        }
        let other = Memory::new(&Header { form: FORM + 1, ..memory().header() }, std::iter::empty());
        assert!(Memory::parse(other.bytes).is_none());
        let other = Memory::new(&Header { compiler: "0.0.0-other", ..memory().header() }, std::iter::empty());
        assert!(Memory::parse(other.bytes).is_none());
    }
}
