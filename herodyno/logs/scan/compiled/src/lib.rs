//! The doors of the compiled part: functions over buffers. No panic leaves them, and no lack of memory ends the program.
#![deny(unsafe_code)]

mod app_lines;
mod columns;
mod failures;
mod frames;
mod kept_requests;
mod lines;
mod names;
mod requests;
mod rows;
mod samples;
mod sieve;
mod sieve_doors;
mod sound;
mod table_doors;
mod tables;
mod times;
mod waiting;
#[rustfmt::skip]
#[allow(unused_mut, unused_variables, dead_code, clippy::all)]
mod grammar {
    include!(env!("HERODYNO_GRAMMAR"));
}

use columns::Columns;
use std::panic::{catch_unwind, AssertUnwindSafe};

/// The fingerprint of the grammar that this part was generated from.
#[allow(unsafe_code)]
#[no_mangle]
pub extern "C" fn herodyno_fingerprint(length: &mut usize) -> *const u8 {
    *length = grammar::FINGERPRINT.len();
    grammar::FINGERPRINT.as_ptr()
}

/// Empty columns, to be freed with `herodyno_free`. A null pointer where there is no memory.
#[allow(unsafe_code)]
#[no_mangle]
pub extern "C" fn herodyno_new() -> *mut Columns {
    catch_unwind(|| {
        std::panic::set_hook(Box::new(|_| {})); // the caller is told by the answer, and the terminal nothing
        Box::into_raw(Box::default())
    })
    .unwrap_or(std::ptr::null_mut())
}

/// # Safety
/// `columns` is of `herodyno_new`, and is not used again.
#[allow(unsafe_code)]
#[no_mangle]
pub unsafe extern "C" fn herodyno_free(columns: *mut Columns) {
    if !columns.is_null() {
        let owned = AssertUnwindSafe(unsafe { Box::from_raw(columns) });
        let _ = catch_unwind(move || drop(owned));
    }
}

/// Reads lines into the columns, and returns how many became rows; -1 where they cannot be read here.
///
/// # Safety
/// `columns` is of `herodyno_new` and nobody else uses it; `text` has `length` bytes.
#[allow(unsafe_code)]
#[no_mangle]
pub unsafe extern "C" fn herodyno_read(
    columns: *mut Columns,
    text: *const u8,
    length: usize,
    first: i64,
) -> i64 {
    if columns.is_null() || text.is_null() {
        return -1;
    }
    let (columns, text) = unsafe { (&mut *columns, std::slice::from_raw_parts(text, length)) };
    or_minus_one(|| lines::read(text, first, columns))
}

/// Closes the block that was read: puts the lines of apps in order of time, without those with some numbers (in order),
/// and finds who spoke when. `slot` are the microseconds of a slot of time. Returns how many of these lines are left; -1:
/// not done.
///
/// # Safety
/// `columns` is of `herodyno_new` and nobody else uses it; `left_out` has `length` numbers.
#[allow(unsafe_code)]
#[no_mangle]
pub unsafe extern "C" fn herodyno_close(
    columns: *mut Columns,
    left_out: *const i64,
    length: usize,
    slot: i64,
) -> i64 {
    if left_out.is_null() {
        return -1;
    }
    let (columns, left_out) = unsafe { (&mut *columns, std::slice::from_raw_parts(left_out, length)) };
    or_minus_one(|| {
        let lines = app_lines::close(columns, left_out, slot)?;
        samples::close(columns)?;
        columns.find_ends()?;
        Some(lines)
    })
}

/// The first row between two places that is about one of some names, each ended by LF, or later than a limit; `end`
/// where there is none, -1 where that cannot be told. `text` is that of the block that was read.
///
/// # Safety
/// `columns` is of `herodyno_new`; each of the three texts has its length.
#[allow(unsafe_code)]
#[no_mangle]
pub unsafe extern "C" fn herodyno_next_row(
    columns: *const Columns,
    text: *const u8,
    length: usize,
    names: *const u8,
    names_length: usize,
    limit: *const u8,
    limit_length: usize,
    begin: i64,
    end: i64,
) -> i64 {
    if text.is_null() || names.is_null() || limit.is_null() {
        return -1;
    }
    let (columns, text, names, limit) = unsafe {
        (
            &*columns,
            std::slice::from_raw_parts(text, length),
            std::slice::from_raw_parts(names, names_length),
            std::slice::from_raw_parts(limit, limit_length),
        )
    };
    or_minus_one(|| rows::next_row(columns, text, names, limit, begin, end))
}

/// What is done with rows that stay inside, by number. Each returns -1, and changes nothing, where it cannot be done.
const WORK: [fn(&mut Columns, i64) -> Option<i64>; 8] = [
    |columns, table| waiting::keep(columns, usize::try_from(table).ok()?),
    |columns, table| waiting::forget(columns, usize::try_from(table).ok()?),
    |columns, kept| samples::group(columns, usize::try_from(kept).ok()?),
    |columns, kept| failures::group(columns, usize::try_from(kept).ok()?),
    |columns, _| app_lines::keep_last(columns),
    |columns, _| app_lines::forget_last(columns),
    kept_requests::keep,
    |columns, _| kept_requests::forget(columns),
];

/// Does a piece of work with rows that stay inside.
///
/// # Safety
/// `columns` is of `herodyno_new` and nobody else uses it.
#[allow(unsafe_code)]
#[no_mangle]
pub unsafe extern "C" fn herodyno_do(columns: *mut Columns, work: usize, number: i64) -> i64 {
    let columns = unsafe { &mut *columns };
    or_minus_one(|| WORK.get(work)?(columns, number))
}

/// Counts the requests that wait, and returns how many they are; -1 where they cannot be counted here. `places` has the
/// place of each path, of each fwd and of each service, and the step of each service. Of more than twice `most` paths or
/// clients of a dyno, the most frequent are told.
///
/// # Safety
/// `columns` is of `herodyno_new` and nobody else uses it; `places` has `length` numbers.
#[allow(unsafe_code)]
#[no_mangle]
pub unsafe extern "C" fn herodyno_count_requests(
    columns: *mut Columns,
    places: *const i64,
    length: usize,
    most: usize,
) -> i64 {
    if places.is_null() {
        return -1;
    }
    let (columns, places) = unsafe { (&mut *columns, std::slice::from_raw_parts(places, length)) };
    or_minus_one(|| kept_requests::count(columns, places, most))
}

/// Takes lines of apps of the closed block, between two places in order of time, each cut to so many bytes. Returns -1
/// where that cannot be done.
///
/// # Safety
/// `columns` is of `herodyno_new` and nobody else uses it.
#[allow(unsafe_code)]
#[no_mangle]
pub unsafe extern "C" fn herodyno_take_lines(columns: *mut Columns, begin: usize, end: usize, longest: usize) -> i64 {
    let columns = unsafe { &mut *columns };
    or_minus_one(|| app_lines::take(columns, begin, end, longest))
}

/// How many messages a frame holds; -1 where their lengths do not fit it.
///
/// # Safety
/// `body` has `length` bytes.
#[allow(unsafe_code)]
#[no_mangle]
pub unsafe extern "C" fn herodyno_messages(body: *const u8, length: usize) -> i64 {
    let body = unsafe { std::slice::from_raw_parts(body, length) };
    or_minus_one(|| frames::messages(body))
}

/// 1 where each of some lines, each ended by LF, surely has a head and none has two; 0 where not; -1: unknown.
///
/// # Safety
/// `lines` has `length` bytes.
#[allow(unsafe_code)]
#[no_mangle]
pub unsafe extern "C" fn herodyno_is_sound(lines: *const u8, length: usize) -> i64 {
    let lines = unsafe { std::slice::from_raw_parts(lines, length) };
    or_minus_one(|| sound::is_sound(lines))
}

pub(crate) fn or_minus_one(work: impl FnOnce() -> Option<i64>) -> i64 {
    catch_unwind(AssertUnwindSafe(work)).ok().flatten().unwrap_or(-1)
}

/// The texts of a column, each ended by LF. They hold until the columns are read into again.
///
/// # Safety
/// `columns` is of `herodyno_new`.
#[allow(unsafe_code)]
#[no_mangle]
pub unsafe extern "C" fn herodyno_texts(columns: *const Columns, place: usize, length: &mut usize) -> *const u8 {
    let column = unsafe { &*columns }.texts.get(place).map_or(&[][..], Vec::as_slice);
    *length = column.len();
    column.as_ptr()
}

/// The numbers of a column. They hold until the columns are read into again.
///
/// # Safety
/// `columns` is of `herodyno_new`.
#[allow(unsafe_code)]
#[no_mangle]
pub unsafe extern "C" fn herodyno_numbers(columns: *const Columns, place: usize, length: &mut usize) -> *const i64 {
    let column = unsafe { &*columns }.numbers.get(place).map_or(&[][..], Vec::as_slice);
    *length = column.len();
    column.as_ptr()
}
