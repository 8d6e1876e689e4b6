//! A year of a wholesaler's real orders: the customers at risk are those that an independent computation names. Nothing
//! of the data stands in the project.

use daybreak_tests::data;
use serde_json::Value;

const MAPPING: &str = r#"
source = "shop"
kind = "order"
external_id = "{customer_id}/{ordered_at}/{occurrence}"
capture = "automatic"
customer = "{customer_id}"
value = "{amount_gbp}"

[time]
text = "{ordered_at}"
format = "%Y-%m-%d %H:%M"
zone = "Europe/London"

[fields]
kind = "{kind}"
"#;

/// Pure returns are no purchases: only these have items that were bought.
const PARAMETERS: &str = r#"{"purchase_field": "kind", "purchases": ["order", "mixed"]}"#;

#[test]
fn customers_at_risk_are_those_of_the_reference() {
    let (Some(orders), Some(reference)) =
        (data::file("online_retail_uk/orders.csv"), data::file("online_retail_uk/ref.json"))
    else {
        return;
    };
    let reference: Value = serde_json::from_str(&std::fs::read_to_string(reference).unwrap()).unwrap();
    let company = super::company("Europe/London", "2011-12-10T12:00:00Z");
    let mapping = company.file("orders.toml", MAPPING);
    let said = company.ok(&["import", "--mapping", &mapping, orders.to_str().unwrap()]);
    let rows = reference["sanity"]["rows"].as_u64().unwrap();
    assert!(said.contains(&format!("{rows} rows: {rows} new facts, 0 revised, 0 known already, 0 bad")), "{said}");
    company.install("customer-risk");
    let parameters = company.file("parameters.json", PARAMETERS);
    let title = ["--title-zh", "客户风险", "--title-en", "Customer risk"];
    let plugin = ["--kind", "assistant", "--plugin", "customer-risk", "--parameters", &parameters, "--grant"];
    company.ok(&[&["enablement", "set", "customer-risk"], &title[..], &plugin[..]].concat());

    // Earlier days first: an alert of May that is gone in August must be closed by then.
    println!("\n{:12} {:>14} {:>14}  first by spend", "as of", "customers", "expected");
    let mut assessed = 0;
    for (day, expected) in reference["as_of"].as_object().unwrap() {
        let said = company.ok(&["assess", "customer-risk", "--on", day]);
        assessed += said
            .lines()
            .find_map(|line| line.split_once(": ")?.1.split_once(" assessed")?.0.parse::<usize>().ok())
            .expect("it says how many were assessed");
        let alerts = company.ok(&["alerts", "--most", "10000", "--format", "json"]);
        let alerts: Vec<Value> = serde_json::from_str(&alerts).unwrap();
        let expected_count = expected["risk_customers"].as_u64().unwrap();
        println!("{day:12} {:>14} {expected_count:>14}  {}", alerts.len(), alerts[0]["subject"]);
        assert_eq!(alerts.len() as u64, expected_count, "{day}: {said}");

        let first = expected["risk_top_15"].as_array().unwrap();
        // Equal spends would be ordered by customer as a text here, and as a number there.
        let spends: Vec<f64> = first.iter().map(|customer| customer["spend_365d_gbp"].as_f64().unwrap()).collect();
        assert!(spends.windows(2).all(|pair| pair[0] > pair[1]), "{day}: ties need another order");
        for (alert, customer) in alerts.iter().zip(first) {
            assert_eq!(alert["subject"].as_str().unwrap(), customer["customer_id"].to_string(), "{day}");
            let (spent, expected) = (alert["priority"].as_f64().unwrap(), customer["spend_365d_gbp"].as_f64().unwrap());
            assert!((spent - expected).abs() < 0.005, "{day} {}: {spent}", alert["subject"]);
            let sentence = alert["sentence"]["en"].as_str().unwrap();
            let (days, last) = (&customer["days_silent"], customer["last_purchase"].as_str().unwrap());
            assert!(
                sentence.contains(&format!("No purchase for {days} days, the last on {last}")),
                "{day}: {sentence}"
            );
        }
    }
    // Each revision says by its number which assessment made it; none is open that the last one did not raise.
    let replayed = company.ok(&["replay"]);
    println!("\n{}", replayed.trim());
    let line = format!("{assessed} assessed subjects replayed: {assessed} equal, bit for bit; 0 differ");
    assert!(replayed.contains(&line), "{replayed}");
}
