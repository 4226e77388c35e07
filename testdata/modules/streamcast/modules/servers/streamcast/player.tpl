{if $mount}
<p>Your station: <a href="https://listen.streamcast.example/{$mount|escape:'url'}">{$mount|escape}</a></p>
{else}
<p>Your station is not on the air yet.</p>
{/if}
