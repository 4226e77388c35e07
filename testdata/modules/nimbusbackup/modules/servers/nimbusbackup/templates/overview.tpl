{if $nimbus.account}
    <h4>Your backup account</h4>
    <div class="row">
        <div class="col-sm-5"><strong>Account</strong></div>
        <div class="col-sm-7">{$nimbus.account|escape:'html'}</div>
    </div>
    <div class="row">
        <div class="col-sm-5"><strong>Login</strong></div>
        <div class="col-sm-7">{$username|escape:'html'}</div>
    </div>
    {if $nimbus.restoreKey}
        <div class="row">
            <div class="col-sm-5"><strong>Restore key</strong></div>
            <div class="col-sm-7"><code>{$nimbus.restoreKey|escape:'html'}</code></div>
        </div>
    {/if}
    <div class="row">
        <div class="col-sm-5"><strong>Stored</strong></div>
        <div class="col-sm-7">{if $nimbus.stored === null}not known at the moment{else}{$nimbus.stored|escape:'html'} MB{/if}</div>
    </div>
{else}
    <p>Your backup account is not set up yet.</p>
{/if}
