using IntrospectionAuth.Calls;
using IntrospectionAuth.Removals;

namespace IntrospectionAuth.TenantResolution;

/// <summary>The cache entries of all schemes, and of the tenants that this process has in use.</summary>
internal sealed class RevocableEntries(EntryRemover remover, SchemeTenants tenants)
{
    /// <inheritdoc cref="EntryRemover.Remove(Removal)"/>
    public int Remove(Removal removal) => remover.Remove(removal) + RemoveOfTenants(it => it.Remove(removal));

    /// <inheritdoc cref="EntryRemover.Remove(IReadOnlyList{Removal})"/>
    public int Remove(IReadOnlyList<Removal> removals) => remover.Remove(removals) + RemoveOfTenants(it => it.Remove(removals));

    private int RemoveOfTenants(Func<EntryRemover, int> remove)
    {
        int removed = 0;
        foreach (Tenant tenant in tenants.All)
        {
            if (!tenant.TryUse())
                continue;

            using (tenant)
                removed += remove(tenant.State.Remover);
        }

        return removed;
    }
}
