import type { ButtonHTMLAttributes } from 'react';

interface Props extends ButtonHTMLAttributes<HTMLButtonElement> {
  look?: 'plain' | 'accent' | 'soft' | 'danger' | 'bare';
  size?: 'normal' | 'large' | 'square';
}

export function Button({ look = 'plain', size = 'normal', className = '', ...rest }: Props) {
  const classes = ['button', `button--${look}`, `button--${size}`, className];
  return <button type="button" className={classes.join(' ').trim()} {...rest} />;
}
