<div class="panel panel-default">
    <div class="panel-heading">Server</div>
    <div class="panel-body">
        {if $ipv4}
            <p>Log in: <code>ssh {$username|escape}@{$ipv4|escape}</code></p>
        {else}
            <p>Your server is being built. Look again in a few minutes.</p>
        {/if}
    </div>
</div>
