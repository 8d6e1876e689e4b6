//! Memory for guests. An instance answers one call and is thrown away, so blocks are never joined again: one that is let go of
//! waits for the next request of its size. Outcomes are many small texts, and making room for them is much of what a plugin
//! does.

#![allow(unsafe_code, reason = "an allocator hands out addresses")]

use core::alloc::{GlobalAlloc, Layout};
use core::cell::UnsafeCell;
use core::ptr;

/// Every block begins at a multiple of it, and none is smaller.
const ALIGNMENT: usize = 16;

/// How many sizes there are from a power of two to the next: a block is at most a quarter larger than what was asked for.
const STEPS: usize = 4;
const SIZES: usize = usize::BITS as usize * STEPS;

/// By how many bytes memory grows at least.
const GROWTH: usize = 1 << 18;

/// Where the memory comes from.
trait Memory {
    /// What there is from the start: from where on nothing else stands in it, and its end.
    fn given(&self) -> (usize, usize);
    /// Makes it longer by so many bytes or more, and returns its new end; none if there is no more.
    fn grow(&self, bytes: usize) -> Option<usize>;
}

/// The number of a size, and its bytes.
type Size = (usize, usize);

/// The size of a block that holds so many bytes.
#[inline]
fn size_of(bytes: usize) -> Size {
    if bytes <= ALIGNMENT * STEPS {
        let units = bytes.div_ceil(ALIGNMENT).max(1);
        return (units - 1, units * ALIGNMENT);
    }
    let power = (bytes - 1).ilog2();
    let step = power - STEPS.ilog2();
    let steps = ((bytes - 1) >> step) + 1;
    ((power - ALIGNMENT.ilog2()) as usize * STEPS + (steps - 1) % STEPS, steps << step)
}

struct Heap<M> {
    memory: M,
    /// The first free block of each size, which holds the address of the next one; 0 where there is none.
    free: [usize; SIZES],
    /// From here to the end nothing was ever given out.
    unused: usize,
    end: usize,
}

impl<M: Memory> Heap<M> {
    const fn new(memory: M) -> Self {
        Self { memory, free: [0; SIZES], unused: 0, end: 0 }
    }

    #[inline]
    fn take(&mut self, (number, bytes): Size) -> Option<usize> {
        let block = self.free[number];
        if block != 0 {
            // SAFETY: whoever let go of the block gave it to us, and `give_back` wrote this address into it.
            self.free[number] = unsafe { *(block as *const usize) };
            return Some(block);
        }
        if self.end - self.unused < bytes {
            self.refill(bytes)?;
        }
        let block = self.unused;
        self.unused += bytes;
        Some(block)
    }

    #[cold]
    fn refill(&mut self, bytes: usize) -> Option<()> {
        if self.end == 0 {
            let (begin, end) = self.memory.given();
            (self.unused, self.end) = (begin.next_multiple_of(ALIGNMENT), end);
        }
        let missing = bytes.saturating_sub(self.end.saturating_sub(self.unused));
        if missing > 0 {
            self.end = self.memory.grow(missing.max(GROWTH))?;
        }
        Some(())
    }

    /// # Safety
    /// The block was taken with this size and is not used any more.
    #[inline]
    unsafe fn give_back(&mut self, block: usize, (number, _): Size) {
        // SAFETY: nobody else uses the block, and it is aligned and large enough for an address.
        unsafe { *(block as *mut usize) = self.free[number] };
        self.free[number] = block;
    }

    /// Makes a block larger or smaller where it is, which the last one can be.
    #[inline]
    fn resize(&mut self, block: usize, (_, bytes): Size, (_, new_bytes): Size) -> bool {
        let can = bytes == new_bytes || (block + bytes == self.unused && self.end - block >= new_bytes);
        if can && bytes != new_bytes {
            self.unused = block + new_bytes;
        }
        can
    }
}

/// The allocator of a guest, which has one thread.
struct Guest<M>(UnsafeCell<Heap<M>>);

// SAFETY: guests have one thread; the host refuses components that share memory.
#[cfg(target_arch = "wasm32")]
unsafe impl<M> Sync for Guest<M> {}

impl<M: Memory> Guest<M> {
    #[allow(clippy::mut_from_ref, reason = "an allocator is shared by all of its one thread")]
    #[inline]
    unsafe fn heap(&self) -> &mut Heap<M> {
        // SAFETY: there is one thread, and no function here calls another that asks for the heap while it holds it.
        unsafe { &mut *self.0.get() }
    }
}

// SAFETY: blocks are aligned, at least as large as asked for, and never given out twice.
unsafe impl<M: Memory> GlobalAlloc for Guest<M> {
    #[inline]
    unsafe fn alloc(&self, layout: Layout) -> *mut u8 {
        let heap = unsafe { self.heap() };
        if layout.align() > ALIGNMENT {
            // Rare enough never to be used again.
            let room = size_of(layout.size() + layout.align());
            return heap.take(room).map_or(ptr::null_mut(), |block| block.next_multiple_of(layout.align()) as *mut u8);
        }
        heap.take(size_of(layout.size())).map_or(ptr::null_mut(), |block| block as *mut u8)
    }

    #[inline]
    unsafe fn dealloc(&self, block: *mut u8, layout: Layout) {
        if layout.align() <= ALIGNMENT {
            unsafe { self.heap().give_back(block as usize, size_of(layout.size())) };
        }
    }

    #[inline]
    unsafe fn realloc(&self, block: *mut u8, layout: Layout, new_size: usize) -> *mut u8 {
        let heap = unsafe { self.heap() };
        if layout.align() <= ALIGNMENT && heap.resize(block as usize, size_of(layout.size()), size_of(new_size)) {
            return block;
        }
        unsafe {
            let new = self.alloc(Layout::from_size_align_unchecked(new_size, layout.align()));
            if !new.is_null() {
                ptr::copy_nonoverlapping(block, new, layout.size().min(new_size));
                self.dealloc(block, layout);
            }
            new
        }
    }
}

#[cfg(target_arch = "wasm32")]
mod linear {
    use core::arch::wasm32::{memory_grow, memory_size};
    use core::cell::UnsafeCell;

    use super::{Guest, Heap, Memory};

    const PAGE: usize = 1 << 16;

    /// The guest's own memory.
    struct Linear;

    unsafe extern "C" {
        /// Where the linker's data ends.
        static __heap_base: u8;
    }

    impl Memory for Linear {
        fn given(&self) -> (usize, usize) {
            ((&raw const __heap_base) as usize, memory_size(0) * PAGE)
        }

        fn grow(&self, bytes: usize) -> Option<usize> {
            let pages = bytes.div_ceil(PAGE);
            let before = memory_grow(0, pages);
            (before != usize::MAX).then(|| (before + pages) * PAGE)
        }
    }

    #[global_allocator]
    static ALLOCATOR: Guest<Linear> = Guest(UnsafeCell::new(Heap::new(Linear)));
}

#[cfg(test)]
mod tests {
    use core::cell::Cell;
    use std::collections::BTreeMap;

    use super::*;

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
        for step in 0..20_000 {
            let known = blocks.keys().nth(next(blocks.len().max(1))).copied();
            let mark = step as u8;
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
                    assert!(block != 0 && block % layout.align() == 0, "step {step}");
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
}
