// The module's own script, in the module's page: it asks for another page of the module.
fetch('clientarea.php?action=productdetails&id=1&modop=custom&a=hello')
  .then((answer) => answer.text())
  .then((text) => {
    const said = document.createElement('p');
    said.id = 'said';
    said.textContent = text.includes('Action completed successfully.') ? 'hello was called' : text;
    document.body.append(said);
  });
try {
  parent.document.title = 'taken over';
} catch (error) {
  document.body.dataset.alone = 'yes';
}
