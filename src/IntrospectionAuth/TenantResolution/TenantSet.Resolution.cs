using IntrospectionAuth.Outcomes;

namespace IntrospectionAuth.TenantResolution;

/// <content>Resolves one tenant in the background, and applies the result.</content>
internal sealed partial class TenantSet
{
    private async Task RunAsync(TenantInResolution resolution)
    {
        OAuthIntrospectionOptions? options = null;
        Exception? fault = null;
        try
        {
            options = await _builds.RunAsync(resolution);
        }
        catch (Exception exception) // of the application
        {
            fault = exception;
        }

        try
        {
            lock (_lock)
            {
                if (resolution.IsSuperseded)
                    return;

                _resolutions.Remove(resolution.Name);
                Apply(resolution, options, fault);
            }
        }
        catch (Exception exception) // of code that configures the HTTP client
        {
            resolution.Absent = _faults.WriteAbsent(resolution, exception, loggedAt: null, s_retryInterval);
            lock (_lock)
                _store.AddAbsent(resolution.Name, resolution.Absent, TenantFaultLog.Interval);
        }
        finally
        {
            resolution.Completion.SetResult();
        }
    }

    private void Apply(TenantInResolution resolution, OAuthIntrospectionOptions? options, Exception? fault)
    {
        string name = resolution.Name;
        DateTimeOffset now = _time.GetUtcNow();
        Tenant? kept = _store.Find(name);
        DateTimeOffset resolveAt = now + resolution.SchemeOptions.TenantCache.RefreshAfter;
        if (options is not null && kept is not null)
        {
            kept.Update(options, resolution.SchemeOptions, resolveAt);
            resolution.Tenant = kept;
        }
        else if (options is not null)
        {
            var state = new TenantState(_scheme, name, options, _shared, _store.ProofsOf(name));
            resolution.Tenant = new Tenant(name, state, resolution.SchemeOptions, resolveAt);
            _store.Add(resolution.Tenant);
        }
        else if (fault is null)
        {
            _store.Remove(name);
            TimeSpan age = resolution.SchemeOptions.TenantCache.UnknownAge;
            resolution.Absent = new AbsentTenant(Unavailability: null, now + age, default, resolution.SchemeOptions);
            _store.AddAbsent(name, resolution.Absent, age);
        }
        else if (kept is not null)
        {
            kept.Keep(resolution.SchemeOptions, now + s_retryInterval);
            resolution.Tenant = kept;
            kept.FaultLoggedAt = _faults.Write(name, fault, kept.FaultLoggedAt, isKept: true);
        }
        else
        {
            resolution.Absent = _faults.WriteAbsent(resolution, fault, _store.FindAbsent(name)?.FaultLoggedAt, s_retryInterval);
            _store.AddAbsent(name, resolution.Absent, TenantFaultLog.Interval);
        }
    }
}
