//! `daybreak scores`

use clap::Args;
use daybreak_domain::indicator::Outcome;
use daybreak_domain::period::Period;
use daybreak_storage::{ScoreQuery, StoredScore};

use crate::host::HostOptions;
use crate::print::{number, table};

#[derive(Args)]
pub struct ScoresArgs {
    /// Only this indicator.
    #[arg(long, value_name = "ID")]
    indicator: Option<String>,
    /// Only this person, department, customer or company.
    #[arg(long, value_name = "ID")]
    subject: Option<String>,
    /// Only this period.
    #[arg(long)]
    period: Option<Period>,
    /// Also the parts, the figures and the facts that each score rests on.
    #[arg(long)]
    evidence: bool,
    /// Most scores that are shown.
    #[arg(long, default_value_t = 2_000)]
    most: u32,
}

pub fn run(host: &HostOptions, args: ScoresArgs) -> anyhow::Result<()> {
    host.with_company(|daybreak, company| async move {
        let query = ScoreQuery {
            indicator: args.indicator,
            subject: args.subject,
            period: args.period,
            most: args.most,
            ..ScoreQuery::default()
        };
        let people = daybreak.people(&company).await?;
        let departments = daybreak.departments(&company).await?;
        let mut scores = daybreak.scores(&company, &query).await?;
        if scores.len() >= args.most as usize {
            eprintln!("only {} scores are shown: name a period, an indicator or a subject, or raise --most", args.most);
        }
        scores.sort_by(|left, right| {
            let key = |score: &StoredScore| (score.indicator.clone(), score.period, score.receipt.subject.id.clone());
            key(left).cmp(&key(right))
        });
        let name = |id: &str| {
            let person = people.get(id).map(|person| person.name.clone());
            let department = departments.get(id).map(|department| department.name.clone());
            person.or(department).unwrap_or_else(|| id.to_owned())
        };
        let language = host.language.as_str();
        if !args.evidence {
            let rows: Vec<Vec<String>> = scores.iter().map(|score| row(score, &name, language)).collect();
            table(&["SCORE", "INDICATOR", "PERIOD", "WHO", "RAW", "SAMPLE", "POINTS", ""], &rows);
            return Ok(());
        }
        for score in &scores {
            println!(
                "{} · {} · {} (score {})",
                name(&score.receipt.subject.id),
                score.indicator,
                score.period,
                score.sequence
            );
            match &score.outcome {
                Outcome::NotComputable { reason } => println!("  not computable: {}", reason.get(language)),
                Outcome::Computed(computed) => {
                    let points = computed
                        .points
                        .map_or("no goal, so no points".to_owned(), |points| format!("{} points", number(points)));
                    println!("  {} from {} · {points}", number(computed.raw), computed.sample);
                    for part in &computed.parts {
                        println!("  {:>9}  {}", number(part.points), part.label.get(language));
                    }
                    for figure in &computed.figures {
                        println!("  {}: {} {}", figure.label.get(language), number(figure.value), figure.unit);
                    }
                }
            }
            for fact in daybreak.facts(&company, &score.evidence).await? {
                let who = fact.actor.as_deref().map(&name).unwrap_or_default();
                let local = company.zone.local(fact.occurred_at);
                let document = fact.document.as_deref().unwrap_or("-");
                let attributes: Vec<String> =
                    fact.attributes.iter().map(|(name, value)| format!("{name}={value}")).collect();
                println!("    {local}  {document}  {who}  {}  [{}]", attributes.join(" "), fact.label());
            }
        }
        Ok(())
    })
}

fn row(score: &StoredScore, name: &dyn Fn(&str) -> String, language: &str) -> Vec<String> {
    let (raw, sample, points, reason) = match &score.outcome {
        Outcome::Computed(computed) => (
            number(computed.raw),
            computed.sample.to_string(),
            computed.points.map(number).unwrap_or_default(),
            String::new(),
        ),
        Outcome::NotComputable { reason } => {
            (String::new(), String::new(), String::new(), reason.get(language).to_owned())
        }
    };
    vec![
        score.sequence.to_string(),
        score.indicator.clone(),
        score.period.to_string(),
        name(&score.receipt.subject.id),
        raw,
        sample,
        points,
        reason,
    ]
}
