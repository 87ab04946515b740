//! The doors to the tables of the commonest lines.

use crate::or_minus_one;
use crate::tables::{self, Tables};
use std::panic::{catch_unwind, AssertUnwindSafe};

/// Empty tables, to be freed with `herodyno_tables_free`. A null pointer where there is no memory.
#[allow(unsafe_code)]
#[no_mangle]
pub extern "C" fn herodyno_tables_new() -> *mut Tables {
    catch_unwind(|| {
        std::panic::set_hook(Box::new(|_| {})); // the caller is told by the answer, and the terminal nothing
        Box::into_raw(Box::default())
    })
    .unwrap_or(std::ptr::null_mut())
}

/// # Safety
/// `tables` is of `herodyno_tables_new`, and is not used again.
#[allow(unsafe_code)]
#[no_mangle]
pub unsafe extern "C" fn herodyno_tables_free(tables: *mut Tables) {
    if !tables.is_null() {
        let owned = AssertUnwindSafe(unsafe { Box::from_raw(tables) });
        let _ = catch_unwind(move || drop(owned));
    }
}

/// Reads lines into the tables, and returns how many lines they are; -1 where they cannot be read here.
///
/// # Safety
/// `tables` is of `herodyno_tables_new` and nobody else uses it; `text` has `length` bytes.
#[allow(unsafe_code)]
#[no_mangle]
pub unsafe extern "C" fn herodyno_tables_read(
    tables: *mut Tables,
    text: *const u8,
    length: usize,
    first: i64,
    are_messages: bool,
) -> i64 {
    if tables.is_null() || text.is_null() {
        return -1;
    }
    let (tables, text) = unsafe { (&mut *tables, std::slice::from_raw_parts(text, length)) };
    or_minus_one(|| tables::read(text, first, are_messages, tables))
}

/// One buffer of a column: 0 which rows have a value, 1 the offsets of texts, 2 the texts or numbers. It holds until
/// the tables are read into again.
///
/// # Safety
/// `tables` is of `herodyno_tables_new`.
#[allow(unsafe_code)]
#[no_mangle]
pub unsafe extern "C" fn herodyno_tables_buffer(
    tables: *const Tables,
    column: usize,
    buffer: usize,
    length: &mut usize,
) -> *const u8 {
    let column = unsafe { &*tables }.columns.get(column);
    let buffers = column.map(|it| [&it.valid, &it.offsets, &it.data]);
    let found = buffers.and_then(|all| all.get(buffer).copied()).map_or(&[][..], Vec::as_slice);
    *length = found.len();
    found.as_ptr()
}
