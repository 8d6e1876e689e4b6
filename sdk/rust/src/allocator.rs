//! Memory for guests. An instance answers one call and is thrown away, so blocks are never joined again: one that is let go of
//! waits for the next request of its size. Outcomes are many small texts, and making room for them is much of what a plugin
//! does.

#![allow(unsafe_code, reason = "an allocator hands out addresses")]

use core::alloc::{GlobalAlloc, Layout};
use core::cell::UnsafeCell;
use core::ptr;

/// Every block begins at a multiple of it, and none is smaller.
pub(super) const ALIGNMENT: usize = 16;

/// How many sizes there are from a power of two to the next: a block is at most a quarter larger than what was asked for.
pub(super) const STEPS: usize = 4;
pub(super) const SIZES: usize = usize::BITS as usize * STEPS;

/// By how many bytes memory grows at least.
const GROWTH: usize = 1 << 18;

/// Where the memory comes from.
pub(super) trait Memory {
    /// What there is from the start: from where on nothing else stands in it, and its end.
    fn given(&self) -> (usize, usize);
    /// Makes it longer by so many bytes or more, and returns its new end; none if there is no more.
    fn grow(&self, bytes: usize) -> Option<usize>;
}

/// The number of a size, and its bytes.
pub(super) type Size = (usize, usize);

/// The size of a block that holds so many bytes.
#[inline]
pub(super) fn size_of(bytes: usize) -> Size {
    if bytes <= ALIGNMENT * STEPS {
        let units = bytes.div_ceil(ALIGNMENT).max(1);
        return (units - 1, units * ALIGNMENT);
    }
    let power = (bytes - 1).ilog2();
    let step = power - STEPS.ilog2();
    let steps = ((bytes - 1) >> step) + 1;
    ((power - ALIGNMENT.ilog2()) as usize * STEPS + (steps - 1) % STEPS, steps << step)
}

pub(super) struct Heap<M> {
    memory: M,
    /// The first free block of each size, which holds the address of the next one; 0 where there is none.
    free: [usize; SIZES],
    /// From here to the end nothing was ever given out.
    unused: usize,
    end: usize,
}

impl<M: Memory> Heap<M> {
    pub(super) const fn new(memory: M) -> Self {
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
pub(super) struct Guest<M>(pub(super) UnsafeCell<Heap<M>>);

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
