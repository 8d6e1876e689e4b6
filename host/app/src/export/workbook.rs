//! Rows as an Excel workbook.
//!
//! Rows go to the disk as they come, so a sheet of a million takes no more memory than one of ten. Every text is written
//! as a text: none ever becomes a formula, whatever it begins with.

use std::io::Write;

use daybreak_domain::time::{Instant, Zone};
use jiff::civil::date;
use rust_xlsxwriter::{DocProperties, ExcelDateTime, Format, Workbook, Worksheet, XlsxError};
use serde_json::Value;

use super::Cell;
use crate::AppError;

/// Rows of a sheet without the header: Excel's own bound. What comes after them goes to another sheet.
const SHEET_ROWS_MAX: u32 = 1_048_575;

/// Most characters that Excel takes in one cell, in its own way of counting (UTF-16).
const CELL_UNITS_MAX: usize = 32_767;

/// What stands at the end of a text that Excel cannot hold.
const CUT: &str = " … cut here, because Excel holds no longer text: export as csv or jsonl for all of it";

const COLUMN_WIDTH: f64 = 20.0;

pub struct WorkbookWriter<'a> {
    workbook: Workbook,
    title: &'a str,
    columns: &'static [&'static str],
    zone: &'a Zone,
    sheets: usize,
    /// The row of the last sheet that is written next, from 0.
    next_row: u32,
    rows: u64,
    heading: Format,
    instant: Format,
    instant_with_milliseconds: Format,
}

impl<'a> WorkbookWriter<'a> {
    pub fn new(
        title: &'a str,
        columns: &'static [&'static str],
        zone: &'a Zone,
        created_at: Instant,
    ) -> Result<Self, AppError> {
        let mut workbook = Workbook::new();
        // Without it the library would ask the machine what time it is.
        let created = ExcelDateTime::from_timestamp(created_at.0.div_euclid(1_000)).map_err(failed)?;
        workbook.set_properties(&DocProperties::new().set_title(title).set_creation_datetime(&created));
        let mut writer = Self {
            workbook,
            title,
            columns,
            zone,
            sheets: 0,
            next_row: 0,
            rows: 0,
            heading: Format::new().set_bold(),
            instant: Format::new().set_num_format("yyyy-mm-dd hh:mm:ss"),
            instant_with_milliseconds: Format::new().set_num_format("yyyy-mm-dd hh:mm:ss.000"),
        };
        writer.add_sheet()?;
        Ok(writer)
    }

    pub fn write(&mut self, cells: &[Cell]) -> Result<(), AppError> {
        if self.next_row > SHEET_ROWS_MAX {
            self.add_sheet()?;
        }
        let sheet = self.workbook.worksheet_from_index(self.sheets - 1).map_err(failed)?;
        for (column, cell) in (0_u16..).zip(cells) {
            let sheet = &mut *sheet;
            match cell {
                Cell::Value(Value::Null) => Ok(sheet),
                Cell::Value(Value::Number(number)) => match number.as_f64() {
                    // Excel keeps 15 digits of a number; a longer whole one is told in full.
                    Some(value) if number.is_f64() || value.abs() < 1e15 => {
                        sheet.write_number(self.next_row, column, value)
                    }
                    _ => sheet.write_string(self.next_row, column, number.to_string()),
                },
                Cell::Value(Value::Bool(truth)) => sheet.write_boolean(self.next_row, column, *truth),
                Cell::Value(Value::String(text)) => sheet.write_string(self.next_row, column, fitting(text)),
                Cell::Value(list) => sheet.write_string(self.next_row, column, fitting(&list.to_string())),
                Cell::Instant(instant) => match local_serial(*instant, self.zone) {
                    Some(serial) => {
                        let whole = instant.0.rem_euclid(1_000) == 0;
                        let format = if whole { &self.instant } else { &self.instant_with_milliseconds };
                        sheet.write_number_with_format(self.next_row, column, serial, format)
                    }
                    None => sheet.write_string(self.next_row, column, instant.to_string()),
                },
            }
            .map_err(failed)?;
        }
        self.next_row += 1;
        self.rows += 1;
        Ok(())
    }

    pub fn finish(mut self, output: &mut (dyn Write + Send)) -> Result<u64, AppError> {
        self.workbook.save_to_writer(&mut *output).map_err(failed)?;
        output.flush()?;
        Ok(self.rows)
    }

    fn add_sheet(&mut self) -> Result<(), AppError> {
        let sheet = self.workbook.add_worksheet_with_constant_memory().map_err(failed)?;
        self.sheets += 1;
        let name = if self.sheets == 1 { self.title.to_owned() } else { format!("{} {}", self.title, self.sheets) };
        begin(sheet, &name, self.columns, &self.heading).map_err(failed)?;
        self.next_row = 1;
        Ok(())
    }
}

fn begin(sheet: &mut Worksheet, name: &str, columns: &[&str], heading: &Format) -> Result<(), XlsxError> {
    sheet.set_name(name)?.set_freeze_panes(1, 0)?;
    for (column, title) in (0_u16..).zip(columns) {
        sheet.set_column_width(column, COLUMN_WIDTH)?;
        sheet.write_string_with_format(0, column, *title, heading)?;
    }
    Ok(())
}

/// Days since the end of 1899 as clocks in the zone show the instant. None before March 1900: Excel counts a day there
/// that never was.
fn local_serial(instant: Instant, zone: &Zone) -> Option<f64> {
    let local = zone.local(instant);
    let days = local.date().since(date(1899, 12, 30)).ok()?.get_days();
    let time = local.time().duration_since(jiff::civil::Time::midnight()).as_millis() as f64;
    (days > 60).then(|| f64::from(days) + time / 86_400_000.0)
}

/// The text as far as Excel can hold it; where it is cut, it says so.
fn fitting(text: &str) -> String {
    if text.len() <= CELL_UNITS_MAX || text.encode_utf16().count() <= CELL_UNITS_MAX {
        return text.to_owned();
    }
    let mut room = CELL_UNITS_MAX - CUT.encode_utf16().count();
    let kept = text.chars().take_while(|character| {
        let fits = character.len_utf16() <= room;
        room = room.saturating_sub(character.len_utf16());
        fits
    });
    kept.collect::<String>() + CUT
}

fn failed(error: XlsxError) -> AppError {
    AppError::File(std::io::Error::other(error))
}
