<h4>CDN Harbor</h4>
{if $zone}
<p>Point <strong>{$domain|escape}</strong> at <code>{$cname|escape}</code>.</p>
{else}
<p>Your zone is being set up.</p>
{/if}
