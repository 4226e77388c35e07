// The module's own script, in the module's page: it asks for another page of the module.
fetch('clientarea.php?action=productdetails&id=1&modop=custom&a=hello')
  .then((answer) => answer.text())
  .then((text) => {
    const said = document.createElement('p');
    said.id = 'said';
    said.textContent = text.includes('Action completed successfully.') ? 'hello was called' : text;
    document.body.append(said);
  });
fetch('modules/servers/showcase/who.php', { method: 'POST', body: new URLSearchParams({ asked: 'who' }) })
  .then((answer) => answer.json())
  .then((answer) => {
    const who = document.createElement('p');
    who.id = 'who';
    who.textContent = `${answer.asked}: ${answer.email}`;
    document.body.append(who);
  });
try {
  parent.document.title = 'taken over';
} catch (error) {
  document.body.dataset.alone = 'yes';
}
