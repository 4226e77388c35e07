use causeway_definition::Definition;

#[test]
fn the_example_reads_without_a_warning() {
    let source = include_str!("../../../../examples/shieldpress.toml");
    let (definition, warnings) = Definition::parse(source).unwrap();
    assert!(warnings.is_empty(), "{warnings:#?}");
    println!("{definition:#?}");
}
