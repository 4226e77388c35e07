<h4>Tide DNS</h4>
{if $nameservers}
    <p>Enter these name servers where {$domain|escape:'html'} is registered:</p>
    <ul>
        {foreach $nameservers as $nameserver}
            <li>{$nameserver|escape:'html'}</li>
        {/foreach}
    </ul>
{else}
    <p>Your zone is being built.</p>
{/if}
