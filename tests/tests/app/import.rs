//! Delimited files become facts, and every mistake in them says what to do about it.

use std::collections::HashSet;

use daybreak_app::import::{HeaderError, Mapping, Reader, Records, RowError, RowFact, UnknownPeople};
use daybreak_domain::fact::Capture;

const MAPPING: &str = r#"
source = "helpdesk"
kind = "ticket.event"
external_id = "{Case ID}/{Activity}/{occurrence}"
capture = "automatic"
who = "{Resource}"
document = "{Case ID}"
customer = "{customer}"
value = "{amount}"

[time]
text = "{at}"
zone = "Etc/UTC"

[fields]
activity = "{Activity}"
"#;

const HEADER: &str = "Case ID,Activity,Resource,at,customer,amount\n";

type Rows = Vec<Result<RowFact, RowError>>;

fn read(mapping: &str, file: &[u8]) -> Result<Rows, HeaderError> {
    let mapping = Mapping::parse(mapping).expect("the test's mapping");
    Reader::new(&mapping, Records::delimited(file, b',')?).map(Iterator::collect)
}

/// Reads rows below the usual header.
fn rows(body: &str) -> Rows {
    read(MAPPING, format!("{HEADER}{body}").as_bytes()).expect("the test's header")
}

fn only_error(rows: Rows) -> RowError {
    let mut errors = rows.into_iter().filter_map(Result::err);
    let error = errors.next().expect("an error");
    assert_eq!(errors.next(), None);
    error
}

fn mapping_error(change: impl Fn(&str) -> String) -> String {
    Mapping::parse(&change(MAPPING)).expect_err("a wrong mapping").to_string()
}

/// Reads one row of the columns `at` and `x`, with the given sections of the mapping.
fn one(sections: &str, at: &str, x: &str) -> Result<RowFact, RowError> {
    let mapping = format!("source = \"s\"\nkind = \"k\"\nexternal_id = \"{{row}}\"\ncapture = \"typed\"\n{sections}");
    read(&mapping, format!("at,x\n{at},{x}\n").as_bytes()).expect("a header").remove(0)
}

fn time_of(section: &str, at: &str) -> Result<String, RowError> {
    one(section, at, "").map(|row| row.fact.occurred_at.to_string())
}

fn field_of(field: &str, x: &str) -> Result<Option<String>, RowError> {
    let sections = format!("[time]\ntext = \"{{at}}\"\nzone = \"Asia/Shanghai\"\n[fields]\nx = {field}\n");
    one(&sections, "2026-03-01 09:30", x).map(|mut row| row.fact.attributes.remove("x"))
}

#[track_caller]
#[expect(clippy::needless_pass_by_value, reason = "calls hand over an error that they have no other use for")]
fn assert_says(text: impl ToString, words: &[&str]) {
    let text = text.to_string();
    for word in words {
        assert!(text.contains(word), "{text:?} does not say {word:?}");
    }
}

#[test]
fn a_row_becomes_a_fact() {
    let row = rows("Case 1,Resolve ticket,Value 2,2012-10-09 14:50:17,Value 7,12.50\n").remove(0).unwrap();
    assert_eq!((row.line, row.row, row.who.as_deref()), (2, 1, Some("Value 2")));
    let fact = row.fact;
    assert_eq!((fact.source.as_str(), fact.kind.as_str()), ("helpdesk", "ticket.event"));
    assert_eq!(fact.external_id, "Case 1/Resolve ticket/1");
    assert_eq!(fact.occurred_at.to_string(), "2012-10-09T14:50:17Z");
    assert_eq!((fact.document.as_deref(), fact.customer.as_deref()), (Some("Case 1"), Some("Value 7")));
    assert_eq!((fact.value, fact.capture, fact.actor), (Some(12.5), Capture::Automatic, None));
    assert_eq!(fact.attributes["activity"], "Resolve ticket");
    assert_eq!(Mapping::parse(MAPPING).unwrap().unknown_people, UnknownPeople::Refuse);
}

#[test]
fn identical_rows_are_kept_and_a_second_reading_gives_the_same_ids() {
    let body = "1,open,a,2012-10-09 14:50,,\n1,open,a,2012-10-09 14:50,,\n2,open,a,2012-10-09 14:50,,\n1,open,b,2012-10-09 14:51,,\n";
    let ids = |rows: Rows| rows.into_iter().map(|row| row.unwrap().fact.external_id).collect::<Vec<_>>();
    assert_eq!(ids(rows(body)), ["1/open/1", "1/open/2", "2/open/1", "1/open/3"]);
    assert_eq!(ids(rows(body)), ids(rows(body)));
}

#[test]
fn the_row_number_counts_broken_rows_too() {
    let mapping = MAPPING.replace("{Case ID}/{Activity}/{occurrence}", "{row}");
    let file = format!("{HEADER}1,open,a,2012-10-09 14:50,,\n1,open\n1,open,a,2012-10-09 14:50,,\n");
    let ids: Vec<_> =
        read(&mapping, file.as_bytes()).unwrap().into_iter().map(|row| row.map(|row| row.fact.external_id)).collect();
    assert_eq!([ids[0].as_deref(), ids[2].as_deref()], [Ok("1"), Ok("3")]);
    assert_eq!(ids[1].as_ref().unwrap_err().row, 2);
}

#[test]
fn braces_are_written_twice() {
    let mapping = MAPPING.replace("activity = \"{Activity}\"", "activity = \"{{{Activity}}}\"");
    let file = format!("{HEADER}1,open,a,2012-10-09 14:50,,\n");
    assert_eq!(read(&mapping, file.as_bytes()).unwrap().remove(0).unwrap().fact.attributes["activity"], "{open}");
}

#[test]
fn a_byte_order_mark_and_other_line_ends_change_nothing() {
    let file = format!("{HEADER}1,open,a,2012-10-09 14:50,,\n2,open,a,2012-10-09 14:50,,");
    let plain = read(MAPPING, file.as_bytes()).unwrap();
    assert_eq!(plain.len(), 2);
    assert_eq!(read(MAPPING, format!("\u{feff}{file}").as_bytes()).unwrap(), plain);
    assert_eq!(read(MAPPING, file.replace('\n', "\r\n").as_bytes()).unwrap(), plain);
}

#[test]
fn a_reader_that_gives_one_byte_at_a_time_changes_nothing() {
    struct Dripping<'a>(&'a [u8]);
    impl std::io::Read for Dripping<'_> {
        fn read(&mut self, buffer: &mut [u8]) -> std::io::Result<usize> {
            let count = self.0.len().min(buffer.len()).min(1);
            buffer[..count].copy_from_slice(&self.0[..count]);
            self.0 = &self.0[count..];
            Ok(count)
        }
    }
    let file = format!("\u{feff}{HEADER}1,\"a \"\"b\"\"\nc\",a,2012-10-09 14:50,,\n\n2,open,a,2012-10-09 14:50,,\n3\n");
    let mapping = Mapping::parse(MAPPING).unwrap();
    let records = Records::delimited(Dripping(file.as_bytes()), b',').unwrap();
    let dripped: Rows = Reader::new(&mapping, records).unwrap().collect();
    assert_eq!(dripped, read(MAPPING, file.as_bytes()).unwrap());
    assert_eq!(
        dripped.iter().map(|row| row.as_ref().map_or_else(|error| error.line, |row| row.line)).collect::<Vec<_>>(),
        [2, 5, 6]
    );
}

#[test]
fn quoted_cells_may_hold_the_delimiter_a_quotation_mark_and_a_line_break() {
    let row = rows("1,\"a, \"\"b\"\"\nc\",x,2012-10-09 14:50,,\n").remove(0);
    // An external id is one line; the field itself may have several.
    assert_says(row.unwrap_err(), &["line 2 (row 1)", "external id", "remove the line breaks"]);
    let mapping = MAPPING.replace("{Case ID}/{Activity}/{occurrence}", "{row}");
    let file = format!("{HEADER}1,\"a, \"\"b\"\"\nc\",x,2012-10-09 14:50,,\n2,open,x,2012-10-09 14:50,,\n");
    let rows: Vec<_> = read(&mapping, file.as_bytes()).unwrap().into_iter().map(Result::unwrap).collect();
    assert_eq!(rows[0].fact.attributes["activity"], "a, \"b\"\nc");
    assert_eq!((rows[1].line, rows[1].row), (4, 2));
}

#[test]
fn lines_are_counted_past_blank_ones_whatever_ends_them() {
    for end in ["\n", "\r\n", "\r"] {
        let file = format!("{HEADER}\n1,open,a,2012-10-09 14:50,,\n\n\nbroken\n").replace('\n', end);
        let rows = read(MAPPING, file.as_bytes()).unwrap();
        assert_eq!((rows[0].as_ref().unwrap().line, rows[1].as_ref().unwrap_err().line), (3, 6), "{end:?}");
    }
}

#[test]
fn another_delimiter() {
    let mapping = Mapping::parse(MAPPING).unwrap();
    let file = format!("{HEADER}1,open,a,2012-10-09 14:50,\"x;y\",\n").replace(',', ";");
    let reader = |delimiter| Reader::new(&mapping, Records::delimited(file.as_bytes(), delimiter)?);
    let row = reader(b';').unwrap().next().unwrap().unwrap();
    assert_eq!(row.fact.customer.as_deref(), Some("x;y"));
    assert_says(reader(b',').map(drop).unwrap_err(), &["Case ID", "no column"]);
    assert_says(reader(b'"').map(drop).unwrap_err(), &["use a comma"]);
}

#[test]
fn a_broken_line_is_one_error_and_the_rest_is_read() {
    let rows = rows("1,open,a,2012-10-09 14:50,,\n2,open\n3,open,a,2012-10-09 14:50,,,\n4,open,a,2012-10-09 14:50,,\n");
    assert_eq!(rows.iter().filter(|row| row.is_ok()).count(), 2);
    assert_says(
        rows[1].as_ref().unwrap_err(),
        &["line 3 (row 2)", "2 cells for 6 columns, too few", "quotation marks"],
    );
    assert_says(
        rows[2].as_ref().unwrap_err(),
        &["line 4 (row 3)", "7 cells for 6 columns, too many", "quotation marks"],
    );
}

#[test]
fn a_cell_that_is_not_utf_8_names_its_column() {
    let mut file = HEADER.as_bytes().to_vec();
    file.extend(b"1,open,\xd5\xc5\xce\xb0,2012-10-09 14:50,,\n2,open,a,2012-10-09 14:50,,\n");
    let rows = read(MAPPING, &file).unwrap();
    assert_says(rows[0].as_ref().unwrap_err(), &["line 2 (row 1), column Resource", "save the file as \"CSV UTF-8\""]);
    assert!(rows[1].is_ok());
    let mut header = b"\xb1\xe0\xba\xc5,".to_vec();
    header.extend(HEADER.as_bytes());
    assert_says(read(MAPPING, &header).unwrap_err(), &["first line", "save the file as \"CSV UTF-8\""]);
    assert_says(read(MAPPING, b"\xff\xfeC\0a\0,\0").unwrap_err(), &["UTF-16", "save it as \"CSV UTF-8\""]);
}

#[test]
fn a_quotation_mark_that_is_never_closed_is_found_where_it_opens() {
    let error =
        only_error(rows("1,open,a,2012-10-09 14:50,,\n2,open,\"a,2012-10-09 14:50,,\n3,open,a,2012-10-09 14:50,,\n"));
    assert_says(error, &["line 3 (row 2)", "on line 3 is never closed", "double it"]);
    // In the last column the parser would take the rest of the file for a cell and see nothing wrong.
    let error = only_error(rows("1,open,a,2012-10-09 14:50,,\"12\n2,open,a,2012-10-09 14:50,,\n"));
    assert_says(error, &["line 2 (row 1)", "on line 2 is never closed", "double it"]);
    assert_says(read(MAPPING, b"\"Case ID,Activity\n1,2\n").unwrap_err(), &["first line", "close it"]);
}

#[test]
fn a_row_has_a_bound() {
    let endless = format!("1,open,a,2012-10-09 14:50,,\n2,\"{}", "x".repeat(3 << 20));
    let error = only_error(rows(&endless));
    assert_says(error, &["line 3 (row 2)", "longer than 1048576 bytes", "close its quotation mark"]);
    assert_says(read(MAPPING, "x".repeat(3 << 20).as_bytes()).unwrap_err(), &["first line", "check the delimiter"]);
}

#[test]
fn an_unknown_column_is_found_before_any_row() {
    let mapping = MAPPING.replace("{customer}", "{Costumer}");
    assert_says(
        read(&mapping, HEADER.as_bytes()).unwrap_err(),
        &["customer:", "no column \"Costumer\"", "did you mean \"customer\"", "Case ID, Activity, Resource, at"],
    );
    let mapping = MAPPING.replace("{customer}", "{completely different}");
    let error = read(&mapping, HEADER.as_bytes()).unwrap_err().to_string();
    assert!(!error.contains("did you mean"), "{error}");
    assert_says(read(MAPPING, b"").unwrap_err(), &["empty", "first line must name the columns"]);
}

#[test]
fn a_header_that_stands_twice_must_be_numbered_only_where_it_is_used() {
    let file = b"at,Variant,x,Variant,Order #2,row\n2012-10-09 14:50,first,y,second,third,fourth\n";
    let read_field = |template: &str| {
        let mapping = format!(
            "source = \"s\"\nkind = \"k\"\nexternal_id = \"{{row}}\"\ncapture = \"typed\"\n\
             [time]\ntext = \"{{at}}\"\nzone = \"Etc/UTC\"\n[fields]\nx = \"{template}\"\n"
        );
        read(&mapping, file).map(|mut rows| rows.remove(0).unwrap().fact.attributes.remove("x").unwrap())
    };
    assert_eq!(read_field("{x}").unwrap(), "y");
    assert_eq!(read_field("{Variant#1}").unwrap(), "first");
    assert_eq!(read_field("{Variant#2}").unwrap(), "second");
    assert_eq!(read_field("{Order #2}").unwrap(), "third");
    assert_eq!(read_field("{row#1}").unwrap(), "fourth");
    assert_says(read_field("{Variant}").unwrap_err(), &["stands 2 times", "write {Variant#1} for the first"]);
    for wrong in ["{Variant#3}", "{Variant#0}"] {
        assert_says(read_field(wrong).unwrap_err(), &["stands 2 times", "use {Variant#2}"]);
    }
}

#[test]
fn an_empty_cell_is_absent_where_it_may_be_and_an_error_where_it_may_not() {
    let row = rows("1,open,,2012-10-09 14:50,  ,\n").remove(0).unwrap();
    assert_eq!((row.who, row.fact.customer, row.fact.value), (None, None, None));
    assert_says(only_error(rows("1,open,a,,,\n")), &["line 2 (row 1), column at", "the time needs it", "fill it"]);
    assert_says(
        only_error(rows(" ,open,a,2012-10-09 14:50,,\n")),
        &["column Case ID", "the external id needs it", "fill it"],
    );
}

#[test]
fn a_fact_that_breaks_a_bound_names_the_column() {
    let long = "x".repeat(300);
    assert_says(
        only_error(rows(&format!("1,open,a,2012-10-09 14:50,{long},\n"))),
        &["column customer", "300 bytes: at most 256", "shorten the cell"],
    );
    assert_says(only_error(rows(&format!("1,open,{long},2012-10-09 14:50,,\n"))), &["column Resource", "shorten it"]);
    assert_says(only_error(rows("1,open,a,1812-10-09 14:50,,\n")), &["column at", "1900 to 2199", "correct the time"]);
    let mapping = MAPPING.replace("\"ticket.event\"", "\"ticket.{Activity}\"");
    let file = format!("{HEADER}1,Open,a,2012-10-09 14:50,,\n2,close,a,2012-10-09 14:50,,\n");
    let rows = read(&mapping, file.as_bytes()).unwrap();
    assert_says(rows[0].as_ref().unwrap_err(), &["column Activity", "ticket.Open", "lower-case", "correct the cell"]);
    assert_eq!(rows[1].as_ref().unwrap().fact.kind, "ticket.close");
}

#[test]
fn times_are_read_in_the_zone_of_the_mapping() {
    let zone = |zone: &str| format!("[time]\ntext = \"{{at}}\"\nzone = \"{zone}\"\n");
    assert_eq!(time_of(&zone("Asia/Shanghai"), "2026-03-01 09:30").unwrap(), "2026-03-01T01:30:00Z");
    assert_eq!(time_of(&zone("Asia/Shanghai"), "2026-03-01T09:30:05.250").unwrap(), "2026-03-01T01:30:05.25Z");
    // An offset in the text wins.
    assert_eq!(time_of(&zone("Asia/Shanghai"), "2026-03-01T09:30:00Z").unwrap(), "2026-03-01T09:30:00Z");
    assert_eq!(time_of(&zone("Asia/Shanghai"), "2026-03-01T09:30:00-05:00").unwrap(), "2026-03-01T14:30:00Z");
    // London's clock goes from 01:00 to 02:00 on that day: a time inside the gap moves past it.
    assert_eq!(time_of(&zone("Europe/London"), "2026-03-29 00:59").unwrap(), "2026-03-29T00:59:00Z");
    assert_eq!(time_of(&zone("Europe/London"), "2026-03-29 01:30").unwrap(), "2026-03-29T01:30:00Z");
    assert_eq!(time_of(&zone("Europe/London"), "2026-03-29 02:30").unwrap(), "2026-03-29T01:30:00Z");
    // And from 02:00 back to 01:00 in autumn: of two such times the earlier one is meant.
    assert_eq!(time_of(&zone("Europe/London"), "2026-10-25 01:30").unwrap(), "2026-10-25T00:30:00Z");
}

#[test]
fn times_follow_the_format_of_the_mapping() {
    let format = |format: &str| format!("[time]\ntext = \"{{at}}\"\nzone = \"Etc/UTC\"\nformat = \"{format}\"\n");
    let log = format("%Y/%m/%d %H:%M:%S%.f");
    assert_eq!(time_of(&log, "2012/10/09 14:50:17.000").unwrap(), "2012-10-09T14:50:17Z");
    assert_says(
        time_of(&log, "2012-10-09 14:50").unwrap_err(),
        &["column at", "does not follow the format", "correct the cell or the format"],
    );
    assert_says(time_of(&log, "2012/13/09 14:50:17").unwrap_err(), &["column at", "correct the cell or the format"]);
    assert_eq!(time_of(&format("%d.%m.%Y %I:%M %p"), "09.10.2012 02:50 pm").unwrap(), "2012-10-09T14:50:00Z");
    assert_eq!(time_of(&format("%Y-%m-%d"), "2012-10-09").unwrap(), "2012-10-09T00:00:00Z");
    let rfc3339 = "[time]\ntext = \"{at}\"\nformat = \"rfc3339\"\n";
    assert_eq!(time_of(rfc3339, "2012-10-09T14:50:17+02:00").unwrap(), "2012-10-09T12:50:17Z");
    assert_says(time_of(rfc3339, "2012-10-09 14:50").unwrap_err(), &["RFC 3339", "name its format"]);
    let offset = "[time]\ntext = \"{at}\"\nformat = \"%Y-%m-%d %H:%M %z\"\n";
    assert_eq!(time_of(offset, "2012-10-09 14:50 +0800").unwrap(), "2012-10-09T06:50:00Z");
    let unix = "[time]\ntext = \"{at}\"\nformat = \"%s\"\n";
    assert_eq!(time_of(unix, "1349794217").unwrap(), "2012-10-09T14:50:17Z");
    let usual = "[time]\ntext = \"{at}\"\n";
    assert_says(time_of(usual, "2012-10-09 14:50").unwrap_err(), &["carries no offset", "zone = \"Asia/Shanghai\""]);
    assert_says(time_of(usual, "09.10.2012").unwrap_err(), &["is no time", "format = "]);
    assert_says(time_of(usual, "2012-10-09").unwrap_err(), &["is no time", "format = "]);
}

#[test]
fn a_format_that_cannot_work_is_refused_with_the_mapping() {
    let with = |lines: &str| mapping_error(|mapping| mapping.replace("zone = \"Etc/UTC\"", lines));
    assert_says(with("zone = \"Mars/Base\""), &["time.zone", "Mars/Base", "IANA", "Asia/Shanghai"]);
    assert_says(with("format = \"%Y-%m-%d %H:%M\""), &["carry no offset", "zone = \"Asia/Shanghai\""]);
    assert_says(with("zone = \"Etc/UTC\"\nformat = \"%Y-%m-%d %!\""), &["time.format", "is no time format", "rfc3339"]);
    assert_says(
        with("zone = \"Etc/UTC\"\nformat = \"%H:%M\""),
        &["time.format", "loses a part", "name year, month and day"],
    );
    for hour in ["%I:%M", "%I"] {
        let lines = format!("zone = \"Etc/UTC\"\nformat = \"%Y-%m-%d {hour}\"");
        assert_says(with(&lines), &["loses a part", "%I together with %p"]);
    }
}

#[test]
fn recorded_times_and_instants_in_fields_fall_back_to_the_zone_of_the_times() {
    let sections = "[time]\ntext = \"{at}\"\nzone = \"Asia/Shanghai\"\n[recorded]\ntext = \"{x}\"\n";
    let recorded =
        |x: &str| one(sections, "2026-03-01 09:30", x).map(|row| row.fact.recorded_at.map(|at| at.to_string()));
    assert_eq!(recorded("2026-03-01 10:00").unwrap().as_deref(), Some("2026-03-01T02:00:00Z"));
    assert_eq!(recorded("").unwrap(), None);
    assert_says(recorded("later").unwrap_err(), &["column x", "is no time"]);
    let due = "{ text = \"{x}\", type = \"instant\" }";
    assert_eq!(field_of(due, "2026-03-02 08:00").unwrap().as_deref(), Some("2026-03-02T00:00:00Z"));
    let due = "{ text = \"{x}\", type = \"instant\", zone = \"Etc/UTC\", format = \"%Y%m%d\" }";
    assert_eq!(field_of(due, "20260302").unwrap().as_deref(), Some("2026-03-02T00:00:00Z"));
}

#[test]
fn numbers_are_checked_and_have_one_text() {
    let field = "{ text = \"{x}\", type = \"number\" }";
    for (cell, text) in
        [("139.120", "139.12"), ("+5", "5"), (" 007 ", "7"), ("1e3", "1000"), (".5", "0.5"), ("-0.0", "0")]
    {
        assert_eq!(field_of(field, cell).unwrap().as_deref(), Some(text), "{cell}");
    }
    assert_eq!(field_of(field, "").unwrap(), None);
    for cell in ["\"1,234.5\"", "12 kg", "NaN", "inf", "-inf", "1e999", "£5", "--1"] {
        assert_says(field_of(field, cell).unwrap_err(), &["column x", "is no number", "for example 1234.5"]);
    }
    assert_says(
        only_error(rows("1,open,a,2012-10-09 14:50,,\"1,5\"\n")),
        &["line 2 (row 1), column amount", "\"1,5\" is no number", "for example 1234.5"],
    );
}

#[test]
fn truths_are_checked_and_have_one_text() {
    let field = "{ text = \"{x}\", type = \"truth\" }";
    for (cell, text) in [("TRUE", "true"), ("是", "true"), ("1", "true"), ("No", "false"), ("否", "false")] {
        assert_eq!(field_of(field, cell).unwrap().as_deref(), Some(text), "{cell}");
    }
    assert_says(field_of(field, "maybe").unwrap_err(), &["column x", "neither true nor false", "write true or false"]);
}

#[test]
fn a_wrong_mapping_says_what_to_write_instead() {
    let replaced = |from: &str, to: &str| mapping_error(|mapping| mapping.replace(from, to));
    assert_says(
        replaced("document =", "documents ="),
        &["documents is unknown", "did you mean document", "external_id"],
    );
    assert_says(replaced("zone =", "zones ="), &["time.zones is unknown", "did you mean zone"]);
    assert_says(replaced("source = \"helpdesk\"", ""), &["source is missing", "add for example source = \"helpdesk\""]);
    assert_says(replaced("external_id", "customer_id"), &["customer_id is unknown"]);
    assert_says(
        replaced("\"automatic\"", "\"robot\""),
        &["capture is \"robot\"", "\"automatic\", \"prefilled\" or \"typed\""],
    );
    assert_says(replaced("\"automatic\"", "3"), &["capture is a number", "write for example capture = \"automatic\""]);
    assert_says(replaced("\"helpdesk\"", "\"Help Desk\""), &["source is \"Help Desk\"", "lower-case letters"]);
    assert_says(replaced("activity =", "Activity ="), &["fields.Activity", "lower-case letters"]);
    assert_says(replaced("\"ticket.event\"", "\"Ticket\""), &["kind is \"Ticket\"", "for example ticket.event"]);
    assert_says(replaced("\"{Resource}\"", "\"{Resource\""), &["who:", "never closed", "{Column}"]);
    assert_says(replaced("\"{Resource}\"", "\"{}\""), &["who:", "names no column"]);
    assert_says(replaced("\"{Resource}\"", "\"\""), &["who:", "is empty"]);
    assert_says(replaced("\"{Resource}\"", "\"{row}\""), &["who:", "only in external_id", "use a column"]);
    assert_says(
        replaced("{Activity}/{occurrence}", "{Activity}{occurrence}"),
        &["external_id:", "put a sign such as /"],
    );
    assert_says(
        replaced("who =", "unknown_people = \"ask\"\nwho ="),
        &["unknown_people is \"ask\"", "\"refuse\", \"unassigned\" or \"create\""],
    );
    assert_says(
        replaced("[fields]", "[fields]\nn = { text = \"{at}\", type = \"date\" }"),
        &["fields.n.type", "\"instant\""],
    );
    assert_says(
        replaced("[fields]", "[fields]\nn = { text = \"{at}\", type = \"number\", zone = \"Etc/UTC\" }"),
        &["fields.n.zone", "type = \"instant\""],
    );
    assert_says(replaced("[fields]", "[fields]\nn = 5"), &["fields.n is a number", "write for example"]);
    assert_says(replaced("[time]\ntext = \"{at}\"\nzone = \"Etc/UTC\"", ""), &["time is missing", "[time]"]);
    assert_says(replaced("[fields]", "[fields"), &["no TOML", "line"]);
}

#[test]
fn the_documented_mapping_is_one() {
    let root = std::path::Path::new(env!("CARGO_MANIFEST_DIR")).parent().unwrap();
    let document = std::fs::read_to_string(root.join("host/docs/IMPORT.md")).unwrap();
    let examples: Vec<_> = document.split("```toml\n").skip(1).filter_map(|rest| rest.split("```").next()).collect();
    assert!(!examples.is_empty());
    for example in examples {
        let file = b"ticket,activity,agent,customer,amount,at\nT-1,resolve,wang.fang,C-7,12.50,2026/06/01 09:00:00\n";
        let row = read(example, file).unwrap().remove(0).unwrap();
        assert_eq!((row.who.as_deref(), row.fact.external_id.as_str()), (Some("wang.fang"), "T-1/resolve/1"));
        assert_eq!((row.fact.value, row.fact.attributes["amount"].as_str()), (Some(12.5), "12.5"));
    }
}

#[test]
fn the_logs_are_read_to_the_last_row() {
    let files = [
        (
            "helpdesk_it/finale.csv",
            "source = \"helpdesk\"\nkind = \"ticket.event\"\nexternal_id = \"{Case ID}/{Activity}/{occurrence}\"\n\
             capture = \"automatic\"\nwho = \"{Resource}\"\ndocument = \"{Case ID}\"\ncustomer = \"{customer}\"\n\
             [time]\ntext = \"{Complete Timestamp}\"\nformat = \"%Y/%m/%d %H:%M:%S%.f\"\nzone = \"Etc/UTC\"\n\
             [fields]\nactivity = \"{Activity}\"\nvariant = \"{Variant#2}\"\n",
        ),
        (
            "online_retail_uk/orders.csv",
            "source = \"shop\"\nkind = \"{kind}\"\nexternal_id = \"{customer_id}/{ordered_at}/{occurrence}\"\n\
             capture = \"automatic\"\ncustomer = \"{customer_id}\"\nvalue = \"{amount_gbp}\"\n\
             [time]\ntext = \"{ordered_at}\"\nzone = \"Europe/London\"\n\
             [fields]\nreturned = { text = \"{return_gbp}\", type = \"number\" }\n",
        ),
        (
            "org_handbook/edits.csv",
            "source = \"handbook\"\nkind = \"page.edit\"\nexternal_id = \"{commit}/{area}/{occurrence}\"\n\
             capture = \"automatic\"\nwho = \"{employee}\"\ndocument = \"{area}\"\n[time]\ntext = \"{edited_at}\"\n\
             [fields]\nadded = { text = \"{added}\", type = \"number\" }\n",
        ),
    ];
    for (path, mapping) in files {
        let Some(path) = daybreak_tests::data::file(path) else { return };
        let file = std::fs::read(&path).expect("a data file");
        let rows: Vec<_> =
            read(mapping, &file).expect("a header").into_iter().collect::<Result<_, _>>().expect("no error");
        // No cell of these files holds a line break, so every line but the header is a row.
        let lines = String::from_utf8_lossy(&file).lines().count() - 1;
        assert_eq!(rows.len(), lines, "{}", path.display());
        let ids: HashSet<_> = rows.iter().map(|row| row.fact.external_id.as_str()).collect();
        assert_eq!(ids.len(), rows.len(), "{}", path.display());
    }
}
