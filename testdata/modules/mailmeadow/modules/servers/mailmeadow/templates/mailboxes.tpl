<h4>Your mail</h4>
<dl>
    <dt>Administrator</dt>
    <dd>{$postmaster|escape:'html'}</dd>
    <dt>Mailboxes</dt>
    <dd>{$mailboxes}</dd>
</dl>
