use crate::kit::*;
#[test]
fn zz() {
    let plugin = hostile();
    for name in
        ["panic", "divide-by-zero", "wild-pointer", "memory-bomb", "recursion", "internal", "too-much-data", "nan"]
    {
        println!("{name}: {}", fault_of(&plugin, name));
    }
    fn cpu() -> f64 {
        std::fs::read_to_string("/proc/thread-self/schedstat")
            .unwrap()
            .split(' ')
            .next()
            .unwrap()
            .parse::<f64>()
            .unwrap()
            / 1000.0
    }
    for (n, rows) in [(1, 30), (30, 30), (300, 30), (1, 30), (300, 30)] {
        let made: Vec<_> = (0..2000).map(|_| batch(n, rows, &attack("honest"))).collect();
        let c = cpu();
        let clones = made.clone();
        let clone = (cpu() - c) / 2000.0;
        drop(clones);
        let c = cpu();
        for b in &made {
            plugin.check_parameters(&b.context.parameters_json).unwrap();
        }
        let check = (cpu() - c) / 2000.0;
        let c = cpu();
        let mut fuel = 0;
        for b in made {
            fuel = score(&plugin, b).unwrap().calls[0].fuel;
        }
        println!("{n}x{rows}: {} us per call, clone {clone}, check {check}, fuel {fuel}", (cpu() - c) / 2000.0);
    }
}

#[test]
fn yy() {
    let plugin = hostile();
    let b = batch(1, 30, &attack("honest"));
    for _ in 0..30000 {
        score(&plugin, b.clone()).unwrap();
    }
}
#[test]
fn xx() {
    let plugin = hostile();
    let b = batch(300, 30, &attack("honest"));
    for _ in 0..3000 {
        score(&plugin, b.clone()).unwrap();
    }
}
