<h4>Your licence</h4>
{if $licence}<pre>{$licence|escape}</pre>{else}<p>It is on its way.</p>{/if}
