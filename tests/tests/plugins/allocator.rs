//! Memory for guests: the SDK compiles it into them only, so it is taken from its file here and given a piece of the test's own
//! memory.

#![allow(unsafe_code, reason = "an allocator hands out addresses")]

use core::alloc::{GlobalAlloc, Layout};
use core::cell::{Cell, UnsafeCell};
use core::ptr;
use std::collections::BTreeMap;

use guest::{ALIGNMENT, Guest, Heap, Memory, SIZES, STEPS, size_of};

#[path = "../../../sdk/rust/src/allocator.rs"]
mod guest;

/// A piece of the test's own memory, of which as much is there as was asked for.
struct Piece {
    begin: usize,
    bytes: usize,
    there: Cell<usize>,
}

impl Memory for Piece {
    fn given(&self) -> (usize, usize) {
        (self.begin, self.begin + self.there.get())
    }

    fn grow(&self, bytes: usize) -> Option<usize> {
        let there = self.there.get() + bytes;
        self.there.set(there);
        (there <= self.bytes).then_some(self.begin + there)
    }
}

fn guest(room: &mut [u128], there: usize) -> Guest<Piece> {
    let (begin, bytes) = (room.as_mut_ptr() as usize, size_of_val(room));
    Guest(UnsafeCell::new(Heap::new(Piece { begin, bytes, there: Cell::new(there) })))
}

#[test]
fn sizes_hold_what_was_asked_for_and_waste_little() {
    let mut last = (0, ALIGNMENT);
    for bytes in 1..200_000 {
        let (number, size) = size_of(bytes);
        assert!(size >= bytes && size % ALIGNMENT == 0, "{bytes} bytes in {size}");
        assert!(size <= ALIGNMENT * STEPS || size * 4 <= bytes * 5 + 4, "{bytes} bytes in {size}");
        assert!((number == last.0) == (size == last.1) && number >= last.0, "{bytes}: {number}");
        assert!(number < SIZES);
        last = (number, size);
    }
}

#[test]
fn blocks_never_overlap_and_keep_what_was_written() {
    let mut room = vec![0_u128; 1 << 20];
    let guest = guest(&mut room, 1_000);
    let mut blocks: BTreeMap<usize, (Layout, u8)> = BTreeMap::new();
    let mut random = 1_u64;
    let mut next = |below: usize| {
        random = random.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
        (random >> 33) as usize % below
    };
    let holds = |block: usize, bytes: usize, mark: u8| {
        let written = unsafe { core::slice::from_raw_parts(block as *const u8, bytes) };
        written.iter().all(|&byte| byte == mark)
    };
    let write = |block: usize, bytes: usize, mark: u8| unsafe { ptr::write_bytes(block as *mut u8, mark, bytes) };
    for step in 0..20_000_u32 {
        let known = blocks.keys().nth(next(blocks.len().max(1))).copied();
        let mark = u8::try_from(step % 251).unwrap();
        match (next(3), known) {
            (0, Some(block)) if blocks.len() > 200 => {
                let (layout, mark) = blocks.remove(&block).unwrap();
                assert!(holds(block, layout.size(), mark), "step {step}");
                unsafe { guest.dealloc(block as *mut u8, layout) };
            }
            (1, Some(block)) => {
                let (layout, old) = blocks.remove(&block).unwrap();
                let size = 1 + next(3_000);
                let moved = unsafe { guest.realloc(block as *mut u8, layout, size) } as usize;
                assert!(moved != 0 && holds(moved, size.min(layout.size()), old), "step {step}");
                write(moved, size, mark);
                blocks.insert(moved, (Layout::from_size_align(size, layout.align()).unwrap(), mark));
            }
            _ => {
                let layout = Layout::from_size_align(1 + next(3_000), 1 << next(7)).unwrap();
                let block = unsafe { guest.alloc(layout) } as usize;
                assert!(block != 0 && block.is_multiple_of(layout.align()), "step {step}");
                write(block, layout.size(), mark);
                blocks.insert(block, (layout, mark));
            }
        }
    }
    for (block, (layout, mark)) in blocks {
        assert!(holds(block, layout.size(), mark));
    }
}

#[test]
fn what_was_let_go_of_is_given_out_again_and_the_last_block_grows_where_it_is() {
    let mut room = vec![0_u128; 1 << 16];
    let guest = guest(&mut room, 0);
    let layout = Layout::from_size_align(100, 8).unwrap();
    let first = unsafe { guest.alloc(layout) };
    for _ in 0..10_000 {
        unsafe { guest.dealloc(first, layout) };
        assert_eq!(unsafe { guest.alloc(layout) }, first);
    }
    assert_eq!(unsafe { guest.realloc(first, layout, 1_000) }, first);
    // More than there is ends in nothing, and what there is stays.
    assert!(unsafe { guest.alloc(Layout::from_size_align(1 << 21, 8).unwrap()) }.is_null());
}
