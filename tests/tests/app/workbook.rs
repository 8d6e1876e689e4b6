//! Excel workbooks become the same facts as delimited text, and every mistake in them says what to do about it.

use std::io::{Cursor, Read, Seek, Write};

use daybreak_app::import::{FileOptions, HeaderError, Mapping, Reader, RowError, RowFact, TableFile};
use rust_xlsxwriter::{Chart, ChartType, Format, Formula, Workbook, Worksheet, XlsxError};
use zip::write::SimpleFileOptions;
use zip::{ZipArchive, ZipWriter};

const MAPPING: &str = r#"
source = "helpdesk"
kind = "ticket.event"
external_id = "{ticket}/{occurrence}"
capture = "automatic"
who = "{who}"
document = "{ticket}"
value = "{amount}"

[time]
text = "{at}"
zone = "Asia/Shanghai"

[fields]
note = "{note}"
"#;

const COLUMNS: [&str; 5] = ["ticket", "who", "at", "amount", "note"];

/// 2026-06-01 09:00, in days since the end of 1899: 46174 and three eighths.
const MORNING: f64 = 46_174.375;

type Rows = Vec<Result<RowFact, RowError>>;

/// A workbook of one sheet.
fn workbook(fill: impl FnOnce(&mut Worksheet) -> Result<(), XlsxError>) -> Vec<u8> {
    let mut workbook = Workbook::new();
    fill(workbook.add_worksheet()).expect("the test's sheet");
    workbook.save_to_buffer().expect("the test's workbook")
}

fn header(sheet: &mut Worksheet) -> Result<(), XlsxError> {
    sheet.write_row(0, 0, COLUMNS).map(drop)
}

fn moment_format() -> Format {
    Format::new().set_num_format("yyyy-mm-dd hh:mm")
}

/// A good row in this row of the sheet, counted from 0.
fn good(sheet: &mut Worksheet, row: u32, ticket: &str) -> Result<(), XlsxError> {
    sheet.write_string(row, 0, ticket)?.write_string(row, 1, "chen")?;
    sheet.write_number_with_format(row, 2, MORNING, &moment_format()).map(drop)
}

fn read_with(mapping: &str, file: impl AsRef<[u8]>, sheet: Option<&str>) -> Result<Rows, HeaderError> {
    let mapping = Mapping::parse(mapping).expect("the test's mapping");
    let options = FileOptions { sheet: sheet.map(str::to_owned), ..FileOptions::default() };
    let mut file = TableFile::open(Cursor::new(file.as_ref()), &options)?;
    let rows: Rows = Reader::new(&mapping, file.records()?)?.collect();
    // Read again, it is the same.
    let again: Rows = Reader::new(&mapping, file.records()?)?.collect();
    assert_eq!(rows, again);
    Ok(rows)
}

fn read(file: impl AsRef<[u8]>) -> Rows {
    read_with(MAPPING, file, None).expect("a header")
}

fn refused(file: impl AsRef<[u8]>, sheet: Option<&str>) -> String {
    read_with(MAPPING, file, sheet).expect_err("a file that cannot be read").to_string()
}

#[track_caller]
#[expect(clippy::needless_pass_by_value, reason = "calls hand over an error that they have no other use for")]
fn assert_says(text: impl ToString, words: &[&str]) {
    let text = text.to_string();
    for word in words {
        assert!(text.contains(word), "{text:?} does not say {word:?}");
    }
}

/// The workbook with one of its parts written anew, or left out.
fn with_part(file: &[u8], part: &str, change: impl Fn(String) -> Option<Vec<u8>>) -> Vec<u8> {
    let mut archive = ZipArchive::new(Cursor::new(file)).unwrap();
    let mut writer = ZipWriter::new(Cursor::new(Vec::new()));
    for index in 0..archive.len() {
        let mut entry = archive.by_index(index).unwrap();
        let name = entry.name().unwrap().into_owned();
        let mut bytes = Vec::new();
        entry.read_to_end(&mut bytes).unwrap();
        let bytes = if name == part { change(String::from_utf8(bytes).unwrap()) } else { Some(bytes) };
        if let Some(bytes) = bytes {
            writer.start_file(name, SimpleFileOptions::default()).unwrap();
            writer.write_all(&bytes).unwrap();
        }
    }
    writer.finish().unwrap().into_inner()
}

fn replaced(file: &[u8], part: &str, from: &str, to: &str) -> Vec<u8> {
    with_part(file, part, |text| {
        assert!(text.contains(from), "{part} holds no {from}: {text}");
        Some(text.replace(from, to).into_bytes())
    })
}

fn sample() -> Vec<u8> {
    workbook(|sheet| {
        header(sheet)?;
        good(sheet, 1, "T-1")?;
        good(sheet, 2, "T-2")
    })
}

#[test]
fn the_same_data_gives_the_same_facts_in_both_formats() {
    let text = "ticket,who,at,amount,note\nT-1,chen,2026-06-01 09:00,12.5,true\nT-1,chen,2026-06-01 09:00,12.5,true\n\
                7,王芳,2026-06-01 21:30:05,-3,\"=a\nb\"\n0042,zhao,2026-06-02 00:00,,2026-06-01\n";
    let sheet = workbook(|sheet| {
        header(sheet)?;
        for row in [1, 2] {
            good(sheet, row, "T-1")?;
            sheet.write_number(row, 3, 12.5)?.write_boolean(row, 4, true)?;
        }
        sheet.write_number(3, 0, 7)?.write_string(3, 1, " 王芳 ")?.write_string(3, 2, "2026-06-01 21:30:05")?;
        sheet.write_number(3, 3, -3)?.write_string(3, 4, "=a\nb")?;
        sheet.write_string(4, 0, "0042")?.write_string(4, 1, "zhao")?;
        // At midnight a time is still a time if the cell shows one, and a day is a day.
        sheet.write_number_with_format(4, 2, 46_175, &moment_format())?;
        sheet.write_number_with_format(4, 4, 46_174, &Format::new().set_num_format("d.m.yyyy"))?;
        Ok(())
    });
    let (of_text, of_sheet) = (read(text), read(&sheet));
    assert!(of_text.iter().all(Result::is_ok), "{of_text:?}");
    // One text has two lines, so the lines of the last row differ; nothing else does.
    let facts =
        |rows: Rows| rows.into_iter().map(|row| row.map(|row| (row.row, row.who, row.fact))).collect::<Vec<_>>();
    assert_eq!(of_sheet.last().unwrap().as_ref().unwrap().line, 5);
    assert_eq!(facts(of_sheet), facts(of_text));
}

#[test]
fn a_date_needs_no_format_but_a_day_stands_for_a_time_only_where_the_mapping_says_so() {
    let with = |section: &str, serial: f64, format: &str| {
        let mapping = MAPPING.replace("zone = \"Asia/Shanghai\"", section);
        let file = workbook(|sheet| {
            header(sheet)?;
            good(sheet, 1, "T-1")?;
            sheet.write_number_with_format(1, 2, serial, &Format::new().set_num_format(format)).map(drop)
        });
        read_with(&mapping, file, None).unwrap().remove(0).map(|row| row.fact.occurred_at.to_string())
    };
    let zone = "zone = \"Asia/Shanghai\"";
    let pattern = "zone = \"Asia/Shanghai\"\nformat = \"%d.%m.%Y %H:%M\"";
    let days = "zone = \"Asia/Shanghai\"\nformat = \"%d.%m.%Y\"";
    for format in ["yyyy-mm-dd hh:mm", "m/d/yy h:mm", "yyyy\"年\"m\"月\"d\"日\"", "[$-804]yyyy/m/d", "d-mmm"] {
        for section in [zone, pattern, days] {
            assert_eq!(with(section, MORNING, format).unwrap(), "2026-06-01T01:00:00Z", "{section} {format}");
        }
    }
    // A second's fraction survives: 90,061.25 s after midnight of 1 June are 2 June, 01:01:01.25.
    assert_eq!(with(zone, 46_174.0 + 90_061.25 / 86_400.0, "h:mm").unwrap(), "2026-06-01T17:01:01.25Z");
    assert_eq!(with(days, 46_174.0, "yyyy-mm-dd").unwrap(), "2026-05-31T16:00:00Z");
    assert_says(with(zone, 46_174.0, "yyyy-mm-dd").unwrap_err(), &["line 2 (row 1), column at", "name its format"]);
    assert_says(with(pattern, 46_174.0, "yyyy-mm-dd").unwrap_err(), &["does not follow the format"]);
    assert_says(with("", MORNING, "yyyy-mm-dd hh:mm").unwrap_err(), &["carries no offset", "add the zone"]);
    assert_says(with(zone, 60.5, "yyyy-mm-dd hh:mm").unwrap_err(), &["column at", "29 February 1900"]);
    assert_says(with(zone, -1.0, "yyyy-mm-dd").unwrap_err(), &["column at", "-1 is no date", "correct the cell"]);
    assert_says(with(zone, 3e6, "yyyy-mm-dd").unwrap_err(), &["column at", "3000000 is no date"]);
}

#[test]
fn days_are_counted_from_1904_where_the_workbook_says_so() {
    // 1904 begins 1,462 days after the day before 1900.
    let file = workbook(|sheet| {
        header(sheet)?;
        good(sheet, 1, "T-1")?;
        sheet.write_number_with_format(1, 2, MORNING - 1_462.0, &moment_format()).map(drop)
    });
    let file = replaced(&file, "xl/workbook.xml", "<workbookPr ", "<workbookPr date1904=\"1\" ");
    assert_eq!(read(file).remove(0).unwrap().fact.occurred_at.to_string(), "2026-06-01T01:00:00Z");
}

#[test]
fn every_kind_of_cell_has_one_text() {
    let format = |code: &str| Format::new().set_num_format(code);
    let note = |write: &dyn Fn(&mut Worksheet) -> Result<(), XlsxError>| {
        let file = workbook(|sheet| {
            header(sheet)?;
            good(sheet, 1, "T-1")?;
            write(sheet)
        });
        read(file).remove(0).map(|mut row| row.fact.attributes.remove("note"))
    };
    let number =
        |value: f64, code: &str| note(&|sheet| sheet.write_number_with_format(1, 4, value, &format(code)).map(drop));
    let cases = [
        (3.0, "0.00", "3"),
        (0.1 + 0.2, "0.0", "0.30000000000000004"),
        (-0.0, "0", "0"),
        (1e15, "0", "1000000000000000"),
        (0.125, "0.0%", "0.125"),
        (0.395_833_333_333_333_3, "h:mm", "09:30:00"),
        // 26 hours, 30 minutes and half a second.
        (95_400.5 / 86_400.0, "[h]:mm:ss", "26:30:00.500"),
        (-0.5, "[h]:mm", "-12:00:00"),
        (46_174.0, "yyyy/m/d", "2026-06-01"),
        (59.0, "yyyy/m/d", "1900-02-28"),
        (61.0, "yyyy/m/d", "1900-03-01"),
    ];
    for (value, code, text) in cases {
        assert_eq!(number(value, code).unwrap().as_deref(), Some(text), "{value} as {code}");
    }
    let formula =
        |result: &str| note(&|sheet| sheet.write_formula(1, 4, Formula::new("=A1").set_result(result)).map(drop));
    assert_eq!(formula("42").unwrap().as_deref(), Some("42"));
    assert_eq!(formula("一 text").unwrap().as_deref(), Some("一 text"));
    assert_eq!(note(&|sheet| sheet.write_boolean(1, 4, false).map(drop)).unwrap().as_deref(), Some("false"));
    assert_eq!(note(&|sheet| sheet.write_string(1, 4, "  ").map(drop)).unwrap(), None);
    assert_eq!(note(&|sheet| sheet.write_blank(1, 4, &moment_format()).map(drop)).unwrap(), None);
    for error in ["#N/A", "#DIV/0!", "#VALUE!"] {
        assert_says(formula(error).unwrap_err(), &["line 2 (row 1), column note", error, "correct its formula"]);
    }
    // An error in a column that the mapping leaves out hurts nobody.
    let file = workbook(|sheet| {
        header(sheet)?;
        good(sheet, 1, "T-1")?;
        sheet.write_string(0, 5, "other")?;
        sheet.write_formula(1, 5, Formula::new("=A1").set_result("#N/A")).map(drop)
    });
    assert!(read(file)[0].is_ok());
}

#[test]
fn rows_keep_the_numbers_of_the_sheet_and_empty_ones_are_none() {
    let file = workbook(|sheet| {
        sheet.write_row(2, 0, COLUMNS)?;
        good(sheet, 3, "T-1")?;
        good(sheet, 6, "T-2")?;
        sheet.write_string(6, 3, "many")?;
        good(sheet, 8, "T-3")?;
        // Cells that somebody formatted and emptied, and one with blanks in it.
        for row in 9..40 {
            sheet.write_blank(row, 0, &moment_format())?;
        }
        sheet.write_string(41, 1, "   ").map(drop)
    });
    let rows = read(file);
    let places: Vec<_> =
        rows.iter().map(|row| row.as_ref().map_or_else(|e| (e.line, e.row), |row| (row.line, row.row))).collect();
    assert_eq!(places, [(4, 1), (7, 2), (9, 3)]);
    assert_says(rows[1].as_ref().unwrap_err(), &["line 7 (row 2), column amount", "\"many\" is no number"]);
}

#[test]
fn merged_cells_hold_their_value_once_and_cells_below_no_name_are_left_out() {
    let file = workbook(|sheet| {
        header(sheet)?;
        good(sheet, 1, "T-1")?;
        good(sheet, 2, "T-2")?;
        sheet.merge_range(1, 4, 2, 5, "both", &Format::new())?;
        sheet.write_string(2, 9, "a remark beside the table").map(drop)
    });
    let notes: Vec<_> = read(file).into_iter().map(|row| row.unwrap().fact.attributes.remove("note")).collect();
    assert_eq!(notes, [Some("both".to_owned()), None]);
}

#[test]
fn the_first_visible_sheet_that_holds_anything_is_read_or_the_one_that_is_named() {
    let mut book = Workbook::new();
    book.add_worksheet().set_name("Cover").unwrap();
    let hidden = book.add_worksheet().set_name("Lists").unwrap().set_hidden(true);
    header(hidden).unwrap();
    good(hidden, 1, "hidden").unwrap();
    let june = book.add_worksheet().set_name("六月").unwrap();
    header(june).unwrap();
    good(june, 1, "june").unwrap();
    let july = book.add_worksheet().set_name("July").unwrap();
    header(july).unwrap();
    good(july, 1, "july").unwrap();
    let mut chart = Chart::new(ChartType::Column);
    chart.add_series().set_values("July!$A$1:$A$2");
    book.add_chartsheet().set_name("Chart").unwrap().insert_chart(0, 0, &chart).unwrap();
    let file = book.save_to_buffer().unwrap();
    let ticket = |sheet| read_with(MAPPING, &file, sheet).unwrap().remove(0).unwrap().fact.document.unwrap();
    assert_eq!(ticket(None), "june");
    assert_eq!(ticket(Some("July")), "july");
    assert_eq!(ticket(Some("Lists")), "hidden");
    assert_says(refused(&file, Some("Cover")), &["\"Cover\" is empty", "first row must name the columns"]);
    assert_says(refused(&file, Some("Chart")), &["no worksheet", "\"July\""]);
    assert_says(
        refused(&file, Some("Jully")),
        &["no sheet \"Jully\"", "did you mean \"July\"", "\"Cover\", \"Lists\", \"六月\", \"July\""],
    );
    assert_says(refused("a,b\n1,2\n", Some("July")), &["has no sheets", "leave the sheet out"]);
    assert_says(refused(workbook(|_| Ok(())), None), &["no visible worksheet", "\"Sheet1\""]);
}

#[test]
fn a_header_that_cannot_be_used_says_which_column_or_cell() {
    let with = |names: &[&str]| {
        workbook(|sheet| {
            sheet.write_row(0, 0, names.iter().copied())?;
            sheet.write_row(1, 0, names.iter().copied()).map(drop)
        })
    };
    assert_says(
        refused(with(&["ticket", "who", "att", "amount", "note"]), None),
        &["time.text: the file has no column \"at\"", "ticket, who, att, amount, note"],
    );
    assert_says(
        refused(with(&["ticket", "who", "at", "amount", "note", "at"]), None),
        &["\"at\" stands 2 times", "{at#1}"],
    );
    assert_says(refused(with(&["ticket", "who", "", "amount", "note"]), None), &["no column \"at\""]);
    let broken = workbook(|sheet| {
        header(sheet)?;
        sheet.write_formula(0, 27, Formula::new("=A1").set_result("#REF!")).map(drop)
    });
    assert_says(refused(broken, None), &["cell AB1 has to name a column", "#REF!"]);
    let wide = workbook(|sheet| sheet.write_row(0, 0, (0..5_000).map(|column| column.to_string())).map(drop));
    assert_says(refused(wide, None), &["5000 columns", "at most 4096"]);
}

#[test]
fn what_is_no_workbook_says_what_it_is() {
    let compound = [&b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"[..], &[0; 600]].concat();
    assert_says(refused(&compound, None), &["old format .xls", "save it as .xlsx"]);
    let name: Vec<u8> = "EncryptedPackage".encode_utf16().flat_map(u16::to_le_bytes).collect();
    assert_says(refused([compound, name].concat(), None), &["protected by a password", "remove the password"]);
    let archive = |parts: &[(&str, &str)]| {
        let mut writer = ZipWriter::new(Cursor::new(Vec::new()));
        for (name, text) in parts {
            writer.start_file(*name, SimpleFileOptions::default()).unwrap();
            writer.write_all(text.as_bytes()).unwrap();
        }
        writer.finish().unwrap().into_inner()
    };
    let open = archive(&[("mimetype", "application/vnd.oasis.opendocument.spreadsheet"), ("content.xml", "<a/>")]);
    assert_says(refused(open, None), &["OpenDocument", ".xlsx"]);
    assert_says(refused(archive(&[("xl/workbook.bin", "")]), None), &[".xlsb", ".xlsx"]);
    assert_says(refused(archive(&[("notes.txt", "hello")]), None), &["zip archive but no workbook", "unpack it"]);
    assert_says(refused(archive(&[]), None), &["zip archive but no workbook"]);
    let page = "<html xmlns:x=\"urn:schemas-microsoft-com:office:excel\"><table><tr><td>1</td></tr></table></html>";
    assert_says(refused(page, None), &["a web page", "save it as .xlsx"]);
    assert_says(refused("\u{feff}<?xml version=\"1.0\"?><Workbook/>", None), &["XML", "save it as .xlsx"]);
    let file = sample();
    assert_says(refused(&file[..file.len() / 2], None), &["damaged", "save it again"]);
    assert_says(refused(with_part(&file, "xl/workbook.xml", |_| None), None), &["damaged", "save it again"]);
    assert_says(refused(with_part(&file, "xl/worksheets/sheet1.xml", |_| None), None), &["damaged"]);
}

#[test]
fn a_sheet_that_breaks_off_is_read_to_the_break_and_no_further() {
    let file = sample();
    let cut = with_part(&file, "xl/worksheets/sheet1.xml", |text| {
        let row = text.find("<row r=\"3\"").unwrap();
        Some(text.as_bytes()[..row + 30].to_vec())
    });
    let mapping = Mapping::parse(MAPPING).unwrap();
    let mut file = TableFile::open(Cursor::new(cut), &FileOptions::default()).unwrap();
    let mut reader = Reader::new(&mapping, file.records().unwrap()).unwrap();
    assert!(reader.by_ref().next().unwrap().is_err());
    assert!(reader.next().is_none());
    assert!(reader.stopped_early(), "nobody knows what came after it");
    let backwards = replaced(&sample(), "xl/worksheets/sheet1.xml", "r=\"3\"", "r=\"1\"");
    let backwards = ["A", "B", "C"].iter().fold(backwards, |file, column| {
        replaced(&file, "xl/worksheets/sheet1.xml", &format!("\"{column}3\""), &format!("\"{column}1\""))
    });
    assert_says(read(backwards).pop().unwrap().unwrap_err(), &["after row 2", "do not stand in their order"]);
}

#[test]
fn what_unpacks_to_too_much_is_refused_before_it_is_read() {
    let file = sample();
    // 33 MiB of zeros pack to some thirty kB.
    let zeros = with_part(&file, "xl/styles.xml", |_| Some(vec![0; 33 << 20]));
    assert!(zeros.len() < 100_000);
    assert_says(refused(&zeros, None), &["xl/styles.xml unpacks to more than 32 MiB", "CSV UTF-8"]);
    // The same, lying about its length where it stands in the archive: reading ends after as much as was declared.
    let honest = (33_u32 << 20).to_le_bytes();
    let mut lying = zeros;
    for place in 0..lying.len() - 4 {
        if lying[place..place + 4] == honest {
            lying[place..place + 4].copy_from_slice(&1_u32.to_le_bytes());
        }
    }
    assert_says(refused(&lying, None), &["damaged", "larger than its declared"]);
    // A table of texts that claims more of them than it could hold would have memory taken for all of them.
    for claim in ["9999999999999", "184467440737095516150", "4000000"] {
        let claiming = with_part(&file, "xl/sharedStrings.xml", |text| {
            let (before, after) = text.split_once("uniqueCount=\"").unwrap();
            let (_, after) = after.split_once('"').unwrap();
            Some(format!("{before}uniqueCount=\"{claim}\"{after}").into_bytes())
        });
        assert_says(refused(claiming, None), &["damaged", claim]);
    }
    let hiding = replaced(&file, "xl/sharedStrings.xml", "<sst", "<!-- <sst> --><sst");
    assert_says(refused(hiding, None), &["damaged", "does not begin like one"]);
}

/// Whatever happens to a workbook on its way, reading it ends with rows or with an error.
#[test]
fn a_damaged_workbook_never_brings_the_host_down() {
    let file = sample();
    let attempt = |bytes: Vec<u8>| {
        let _ = TableFile::open(Cursor::new(bytes), &FileOptions::default()).and_then(|mut file| {
            let mapping = Mapping::parse(MAPPING).unwrap();
            Ok(Reader::new(&mapping, file.records()?)?.count())
        });
    };
    // In the archive itself.
    for place in (0..file.len()).step_by(7) {
        for value in [0, 0xff, file[place] ^ 0x10] {
            let mut bytes = file.clone();
            bytes[place] = value;
            attempt(bytes);
        }
    }
    // And in the parts, behind checksums that fit.
    for part in ["xl/worksheets/sheet1.xml", "xl/sharedStrings.xml", "xl/workbook.xml", "xl/styles.xml"] {
        let length = ZipArchive::new(Cursor::new(&file)).unwrap().by_name(part).unwrap().size() as usize;
        for place in (0..length.min(4_000)).step_by(61) {
            for value in ["<", "\"", "9999999999", "-", "\u{0}"] {
                attempt(with_part(&file, part, |text| {
                    Some([&text.as_bytes()[..place], value.as_bytes(), &text.as_bytes()[place..]].concat())
                }));
            }
        }
    }
}

#[test]
fn a_file_that_changes_between_two_readings_is_noticed_before_a_row_of_it() {
    /// A file that somebody writes to once it has been read to the end.
    struct Written {
        file: Cursor<Vec<u8>>,
        later: Vec<u8>,
        rewinds: u32,
    }
    impl Read for Written {
        fn read(&mut self, buffer: &mut [u8]) -> std::io::Result<usize> {
            self.file.read(buffer)
        }
    }
    impl Seek for Written {
        fn seek(&mut self, to: std::io::SeekFrom) -> std::io::Result<u64> {
            self.rewinds += 1;
            // Twice to look at its beginning, once for the first reading.
            if self.rewinds == 4 {
                self.file = Cursor::new(std::mem::take(&mut self.later));
            }
            self.file.seek(to)
        }
    }
    // Two blocks of 256 KiB and a little more.
    let row = |ticket: usize| format!("{ticket:06},chen,2026-06-01 09:00,,\n");
    let text = "ticket,who,at,amount,note\n".to_owned() + &(0..17_000).map(row).collect::<String>();
    let mapping = Mapping::parse(MAPPING).unwrap();
    let second = |later: String| {
        let written = Written { file: Cursor::new(text.clone().into_bytes()), later: later.into_bytes(), rewinds: 0 };
        let mut file = TableFile::open(written, &FileOptions::default()).unwrap();
        assert_eq!(Reader::new(&mapping, file.records().unwrap()).unwrap().flatten().count(), 17_000);
        let rows: Rows = Reader::new(&mapping, file.records().unwrap()).unwrap().collect();
        rows
    };
    assert!(second(text.clone()).iter().all(Result::is_ok));
    let last = row(16_999);
    for later in
        [text.replace(&last, "016999,zhao,2026-06-01 09:00,,\n"), text.replace(&last, ""), text.clone() + &last]
    {
        let mut rows = second(later);
        assert_says(rows.pop().unwrap().unwrap_err(), &["changed while it was being read", "try again"]);
        assert!(rows.len() > 10_000 && rows.iter().all(Result::is_ok), "what stands before the change is as it was");
    }
}
