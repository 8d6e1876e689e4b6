//! A file that is read more than once and must be the same each time.
//!
//! The first reading notes a digest of each block; a later one hands a block out only after it has the same digest. So
//! whatever was checked in the first reading is what the second one acts upon.

use std::io::{self, Read, Seek};

use daybreak_domain::digest::Digest;

/// Bytes of a block: the memory that a reading takes. Each block of the file adds the 32 bytes of its digest.
const BLOCK_BYTES: u64 = 256 * 1024;

pub struct Unchanged<F> {
    input: F,
    digests: Vec<Digest>,
    /// Whether the digests of the whole file are known.
    known: bool,
    next_block: usize,
    ended: bool,
    block: Vec<u8>,
    given: usize,
}

/// The message under which a changed file is handed on.
#[derive(Clone, Copy, Debug, thiserror::Error)]
#[error("the file was changed while it was being read: try again once nothing writes to it")]
pub struct FileChanged;

impl<F: Read + Seek> Unchanged<F> {
    pub fn new(input: F) -> Self {
        Self { input, digests: Vec::new(), known: false, next_block: 0, ended: false, block: Vec::new(), given: 0 }
    }

    /// Goes back to the file's beginning.
    pub fn rewind(&mut self) -> io::Result<()> {
        self.input.rewind()?;
        if !self.known {
            self.digests.clear();
        }
        self.next_block = 0;
        self.ended = false;
        self.block.clear();
        self.given = 0;
        Ok(())
    }

    fn read_block(&mut self) -> io::Result<()> {
        self.block.clear();
        self.given = 0;
        (&mut self.input).take(BLOCK_BYTES).read_to_end(&mut self.block)?;
        let digest = Digest::of(&self.block);
        // The last block is shorter than the others, if need be empty; so a file that grew is noticed as well.
        self.ended = (self.block.len() as u64) < BLOCK_BYTES;
        if self.known {
            if self.digests.get(self.next_block) != Some(&digest) {
                self.block.clear();
                return Err(io::Error::other(FileChanged));
            }
        } else {
            self.digests.push(digest);
            self.known = self.ended;
        }
        self.next_block += 1;
        Ok(())
    }
}

impl<F: Read + Seek> Read for Unchanged<F> {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        if self.given == self.block.len() && !self.ended && !buffer.is_empty() {
            self.read_block()?;
        }
        let rest = &self.block[self.given..];
        let count = rest.len().min(buffer.len());
        buffer[..count].copy_from_slice(&rest[..count]);
        self.given += count;
        Ok(count)
    }
}
